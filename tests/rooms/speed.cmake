# Instructions of each stage under callgrind, against a table: of the optimised build alone, without
# a sanitizer's code between.
add_executable(count_bench EXCLUDE_FROM_ALL bench/count_bench.cpp
  unit/extract/sample_extract.cpp unit/registry/register_world.cpp)
target_link_libraries(count_bench PRIVATE certrelay_front certrelay_keys certrelay_registry
  certrelay_ledger_test_support certrelay_test_pki certrelay_test_render certrelay_test_support)
if(CMAKE_BUILD_TYPE STREQUAL RelWithDebInfo AND NOT CERTRELAY_SANITIZE)
  set_target_properties(count_bench PROPERTIES EXCLUDE_FROM_ALL OFF)
  add_test(NAME speed.instructions
    COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/bench/instructions.py
            ${CMAKE_CURRENT_BINARY_DIR})
  set_tests_properties(speed.instructions PROPERTIES LABELS unit SKIP_RETURN_CODE 77 TIMEOUT 600)
endif()

# One worker of the vault against two, for scripts/bench.
add_executable(workers_bench EXCLUDE_FROM_ALL bench/workers_bench.cpp
  unit/extract/sample_extract.cpp)
target_link_libraries(workers_bench PRIVATE certrelay_ledger certrelay_registry
  certrelay_test_issuance certrelay_test_pki certrelay_test_render)
add_test(NAME speed.bench_arithmetic
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/bench/bench_arithmetic_test.py
          ${CMAKE_SOURCE_DIR})
set_tests_properties(speed.bench_arithmetic PROPERTIES LABELS unit)
