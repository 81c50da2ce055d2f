# wire and the keys of answers and statements
add_library(certrelay_wire_examples STATIC
  unit/wire/examples.cpp unit/wire/json_mutations.cpp)
target_link_libraries(certrelay_wire_examples PUBLIC certrelay_wire)
target_compile_definitions(certrelay_wire_examples PUBLIC
  CERTRELAY_WIRE_FORMAT_MD="${CMAKE_SOURCE_DIR}/protocol/wire/FORMAT.md")
suite(unit wire_test
  SOURCES unit/wire/format_test.cpp unit/wire/integrators_test.cpp unit/wire/message_test.cpp
          unit/wire/problem_test.cpp unit/wire/registry_message_test.cpp unit/wire/signature_test.cpp unit/wire/vault_frame_test.cpp
  DEPS certrelay_wire_examples)
target_compile_definitions(wire_test PRIVATE
  CERTRELAY_INTEGRATORS_MD="${CMAKE_SOURCE_DIR}/docs/integrators.md")
suite(unit answer_key_test
  SOURCES unit/keys/answer_key_test.cpp
  DEPS certrelay_wire_examples certrelay_keys)
fuzz_target(wire_messages_fuzz DEPS certrelay_wire)
fuzz_target(wire_frame_fuzz DEPS certrelay_wire)

# A stranger's verifier, Python's library and the openssl command alone, on FORMAT.md's example.
add_test(NAME wire.verify_answer_py
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/support/verify_answer.py --self-test
          ${CMAKE_SOURCE_DIR}/protocol/wire/FORMAT.md)
set_tests_properties(wire.verify_answer_py PROPERTIES LABELS unit)

# OpenAPI's own rules, and its calls, examples and problems against FORMAT.md's.
add_test(NAME wire.openapi
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/support/check_openapi.py
          ${CMAKE_SOURCE_DIR}/protocol/wire/openapi.yaml ${CMAKE_SOURCE_DIR}/protocol/wire/FORMAT.md)
set_tests_properties(wire.openapi PROPERTIES LABELS unit)
