# env, record, ledger
if(NOT TARGET certrelay_test_support)
  add_subdirectory(support)
endif()
suite(unit env_test
  SOURCES unit/env/clock_test.cpp unit/env/forgetful_files_test.cpp
          unit/env/network_file_system_test.cpp unit/env/overwriting_test.cpp
          unit/env/pinned_file_test.cpp unit/env/posix_files_test.cpp
          unit/env/sqlite_test.cpp
  DEPS certrelay_test_support)
suite(unit record_test
  SOURCES unit/record/chain_test.cpp unit/record/entry_test.cpp unit/record/export_test.cpp
          unit/record/format_test.cpp unit/record/ledger_query_test.cpp unit/record/merkle_test.cpp unit/record/note_test.cpp
          unit/record/proof_test.cpp
  DEPS certrelay_record)
suite(unit report_test SOURCES unit/report/report_period_test.cpp DEPS certrelay_report)
target_compile_definitions(record_test PRIVATE CERTRELAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
add_test(NAME record.python_verifier
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/support/verify_ledger_test.sh)
set_tests_properties(record.python_verifier PROPERTIES LABELS unit)
fuzz_target(record_entry_fuzz DEPS certrelay_record)
fuzz_target(record_note_fuzz DEPS certrelay_record)
fuzz_target(record_export_fuzz DEPS certrelay_record)
suite(unit ledger_test
  SOURCES unit/ledger/background_test.cpp
          unit/ledger/checkpoint_key_test.cpp unit/ledger/clock_steps_test.cpp unit/ledger/damage_test.cpp
          unit/ledger/days_test.cpp
          unit/ledger/kill_test.cpp unit/ledger/ledger_export_test.cpp unit/ledger/ledger_reading_test.cpp unit/ledger/ledger_test.cpp
          unit/ledger/power_cut_test.cpp
          unit/ledger/pruning_test.cpp unit/ledger/report_maker_test.cpp unit/ledger/report_reading_test.cpp
          unit/ledger/restore_test.cpp unit/ledger/standing_orders_test.cpp unit/ledger/start_test.cpp unit/ledger/store_trouble_test.cpp
          unit/ledger/time_and_checkpoint_test.cpp unit/ledger/verify_test.cpp
  DEPS certrelay_ledger_test_support certrelay_ledger_reports)
target_compile_definitions(ledger_test PRIVATE CERTRELAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
if(TARGET certrelay_ctl_ledger)
  target_sources(ledger_test PRIVATE unit/ledger/ledger_report_test.cpp)
  target_link_libraries(ledger_test PRIVATE certrelay_ctl_ledger)
endif()
# Needs root and a loop device; skips itself without.
add_test(NAME integration.store_trouble
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/store_trouble_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.store_trouble PROPERTIES LABELS integration SKIP_RETURN_CODE 77
  TIMEOUT 3000 RUN_SERIAL ON)
add_executable(ledger_bench EXCLUDE_FROM_ALL bench/ledger_bench.cpp)
target_link_libraries(ledger_bench PRIVATE certrelay_ledger)
add_executable(ledger_scale_bench EXCLUDE_FROM_ALL bench/ledger_scale_bench.cpp)
target_link_libraries(ledger_scale_bench PRIVATE certrelay_ledger_reports)
