suite(unit extract_test
  SOURCES unit/extract/change_format_test.cpp unit/extract/csv_test.cpp unit/extract/manifest_test.cpp unit/extract/sample_extract.cpp
          unit/extract/schema_test.cpp unit/extract/walk_test.cpp
  DEPS certrelay_extract)
target_compile_definitions(extract_test PRIVATE CERTRELAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
fuzz_target(extract_walk_fuzz DEPS certrelay_extract)
fuzz_target(extract_manifest_fuzz DEPS certrelay_extract)
fuzz_target(extract_change_fuzz DEPS certrelay_extract)
suite(unit registry_test SHARDS 2
  SOURCES unit/registry/approval_test.cpp unit/registry/bad_push_test.cpp unit/registry/base_file_test.cpp
          unit/registry/change_coverage_test.cpp unit/registry/change_test.cpp unit/registry/change_verbs_test.cpp
          unit/registry/coverage_test.cpp unit/registry/past_fee_test.cpp
          unit/registry/decommission_test.cpp unit/registry/erasure_of_changes_test.cpp unit/registry/erasure_test.cpp
          unit/registry/feed_test.cpp unit/registry/guard_rails_test.cpp
          unit/registry/individual_number_test.cpp unit/registry/interrupted_import_test.cpp
          unit/registry/number_end_test.cpp unit/registry/number_extract_test.cpp
          unit/registry/key_destruction_test.cpp unit/registry/key_files_test.cpp
          unit/keys/token_key_test.cpp unit/registry/plan_maker_test.cpp
          unit/registry/raw_scan_test.cpp unit/registry/read_window_test.cpp unit/registry/record_difference_test.cpp unit/registry/repeat_test.cpp
          unit/registry/register_world.cpp unit/registry/registry_verbs_test.cpp
          unit/registry/scheduled_test.cpp unit/registry/sealed_log_test.cpp
          unit/registry/sealed_register_test.cpp unit/registry/stored_files_test.cpp
          unit/registry/verbs_world.cpp
          unit/extract/sample_extract.cpp support/memory_ports.cpp support/raw_scan.cpp
  DEPS certrelay_registry certrelay_test_support)
# Generations change under issuance that runs: both rooms, the page included.
suite(unit swap_test
  SOURCES unit/registry/print_check_test.cpp unit/registry/register_world.cpp
          unit/registry/swap_test.cpp unit/extract/sample_extract.cpp
  DEPS certrelay_registry certrelay_test_issuance certrelay_test_support)
# Old copies of the stored files, in every combination, one set of roots in a token of the test's own.
suite(unit old_copies_test
  SOURCES unit/registry/old_copies_test.cpp unit/registry/register_world.cpp
          unit/extract/sample_extract.cpp
  DEPS certrelay_registry certrelay_test_support)
suite(unit extract_build_test
  SOURCES unit/registry/extract_build_test.cpp unit/extract/sample_extract.cpp
  DEPS certrelay_extract_build certrelay_test_support)
# Not a test: figures on an idle machine, release build.
add_executable(registry_bench EXCLUDE_FROM_ALL bench/registry_bench.cpp bench/bench_city.cpp
  unit/extract/sample_extract.cpp)
target_link_libraries(registry_bench PRIVATE
  certrelay_registry certrelay_extract_build certrelay_test_support)
# Needs root and a loop device; skips itself without.
add_test(NAME integration.raw_image
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/raw_image_test.py
          $<TARGET_FILE_DIR:registry_test> ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.raw_image PROPERTIES LABELS integration SKIP_RETURN_CODE 77
  TIMEOUT 1500 RUN_SERIAL ON)
add_executable(import_bench EXCLUDE_FROM_ALL bench/import_bench.cpp bench/bench_city.cpp
  unit/extract/sample_extract.cpp support/memory_ports.cpp)
target_link_libraries(import_bench PRIVATE
  certrelay_registry certrelay_issuance certrelay_test_render certrelay_test_support)
