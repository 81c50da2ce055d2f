add_test(NAME integration.relay_processes
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/relay_processes_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.relay_processes PROPERTIES LABELS integration TIMEOUT 1500
  RUN_SERIAL ON)
add_test(NAME integration.card_reload
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/card_reload_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.card_reload PROPERTIES LABELS integration TIMEOUT 1500
  RUN_SERIAL ON)
add_test(NAME integration.forms_and_seals
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/forms_and_seals_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.forms_and_seals PROPERTIES LABELS integration TIMEOUT 1500
  RUN_SERIAL ON)
add_test(NAME integration.fetch
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/fetch_test.py ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.fetch PROPERTIES LABELS integration TIMEOUT 1500 RUN_SERIAL ON)
add_test(NAME integration.clock_steps
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/clock_steps_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.clock_steps PROPERTIES LABELS integration TIMEOUT 1500 RUN_SERIAL ON)
add_test(NAME integration.token
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/token_test.py ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.token PROPERTIES LABELS integration TIMEOUT 1500 RUN_SERIAL ON)
add_test(NAME integration.published_suites
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/published_suites_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.published_suites PROPERTIES LABELS integration TIMEOUT 1500)
add_test(NAME integration.card_cases
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/card_cases_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.card_cases PROPERTIES LABELS integration TIMEOUT 1500)
add_test(NAME arch.names COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tools/check_names.py ${CMAKE_SOURCE_DIR})
set_tests_properties(arch.names PROPERTIES LABELS arch)
add_test(NAME integration.operators
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/operators_test.py ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.operators PROPERTIES LABELS integration TIMEOUT 1500 RUN_SERIAL ON)
suite(unit spoken_text_test SOURCES unit/ctl/outcome_test.cpp unit/ctl/spoken_text_test.cpp
  DEPS certrelay_ctl_admin certrelay_ctl_push certrelay_ctl_reading)
target_compile_definitions(spoken_text_test PRIVATE CERTRELAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
add_test(NAME integration.cast_roles
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/cast_roles_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.cast_roles PROPERTIES LABELS integration TIMEOUT 1500
  RUN_SERIAL ON)
add_test(NAME integration.register_orders
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/register_orders_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.register_orders PROPERTIES LABELS integration TIMEOUT 1500
  RUN_SERIAL ON)
add_test(NAME integration.extract_approval
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/extract_approval_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.extract_approval PROPERTIES LABELS integration TIMEOUT 1500
  RUN_SERIAL ON)
add_test(NAME integration.extract_clerk
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/extract_clerk_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.extract_clerk PROPERTIES LABELS integration TIMEOUT 1500)
add_test(NAME integration.ledger_reading
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/ledger_reading_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.ledger_reading PROPERTIES LABELS integration TIMEOUT 1500
  RUN_SERIAL ON)
add_test(NAME integration.ledger_backup
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/ledger_backup_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.ledger_backup PROPERTIES LABELS integration TIMEOUT 1500
  RUN_SERIAL ON)
add_test(NAME integration.source_changes
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/source_changes_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.source_changes PROPERTIES LABELS integration TIMEOUT 1500
  RUN_SERIAL ON)
suite(unit certificate_preview_test SOURCES unit/render/preview_test.cpp
  DEPS certrelay_ctl_certificate certrelay_test_support)
add_test(NAME integration.decommission
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/decommission_test.py ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.decommission PROPERTIES LABELS integration TIMEOUT 1500 RUN_SERIAL ON)
add_test(NAME integration.residue
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/residue_test.py ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.residue PROPERTIES LABELS integration TIMEOUT 1500 RUN_SERIAL ON)
