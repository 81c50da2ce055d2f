add_library(certrelay_tls_test_support STATIC
  support/scripted_tls_server.cpp support/scripted_vault.cpp support/tls_test_files.cpp)
target_link_libraries(certrelay_tls_test_support PUBLIC
  certrelay_client certrelay_keys certrelay_kiosk_pki)

suite(unit client_test
  SOURCES unit/client/address_test.cpp unit/client/answer_head_test.cpp
          unit/client/https_client_test.cpp unit/client/signed_exchange_test.cpp
  DEPS certrelay_client certrelay_tls_test_support)
suite(unit kiosk_test
  SOURCES unit/kiosk/card_signature_test.cpp unit/kiosk/document_check_test.cpp
          unit/kiosk/program_test.cpp unit/kiosk/signed_document_test.cpp
          unit/kiosk/storm_report_test.cpp unit/kiosk/wish_test.cpp
  DEPS certrelay_kiosk certrelay_document_sealer certrelay_tls_test_support certrelay_test_render
       certrelay_test_support)
suite(unit kiosk_token_test SOURCES unit/kiosk/token_card_test.cpp
  DEPS certrelay_kiosk_token certrelay_kiosk_pki certrelay_test_support)
suite(unit extract_push_test
  SOURCES unit/kiosk/extract_push_test.cpp unit/kiosk/push_config_test.cpp
          unit/kiosk/push_report_test.cpp
  DEPS certrelay_ctl_push certrelay_tls_test_support certrelay_test_support)
target_compile_definitions(extract_push_test PRIVATE
  CERTRELAY_PUSH_MD="${CMAKE_SOURCE_DIR}/firmware/ctl/PUSH.md")
fuzz_target(answer_head_fuzz DEPS certrelay_client)
fuzz_target(document_check_fuzz DEPS certrelay_kiosk)
