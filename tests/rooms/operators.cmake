suite(unit operators_test
  SOURCES unit/operators/approval_test.cpp unit/operators/operator_store_test.cpp
          unit/operators/operator_format_test.cpp unit/operators/operator_reading_test.cpp unit/operators/operator_verbs_test.cpp
          unit/operators/operator_world.cpp unit/operators/account_test.cpp unit/operators/session_test.cpp unit/operators/credentials_test.cpp unit/operators/login_test.cpp unit/operators/login_message_test.cpp
          unit/operators/role_change_test.cpp
          unit/keys/password_hash_test.cpp unit/keys/totp_test.cpp
  DEPS certrelay_operators certrelay_test_support)
target_compile_definitions(operators_test PRIVATE
  CERTRELAY_WIRE_FORMAT_MD="${CMAKE_SOURCE_DIR}/protocol/wire/FORMAT.md")

# Each forbidden use of an Approval must be refused by the compiler, and the allowed one taken.
add_test(NAME operators.does_not_compile
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/unit/operators/does_not_compile/check.py
          ${CMAKE_CXX_COMPILER} ${CMAKE_SOURCE_DIR})
set_tests_properties(operators.does_not_compile PROPERTIES LABELS unit TIMEOUT 1500)
