# The certificate factory is the kiosk's; until the kiosk adds it, the tests do.
if(NOT TARGET certrelay_kiosk_pki)
  add_subdirectory(${CMAKE_SOURCE_DIR}/firmware/kiosk/pki
                   ${CMAKE_BINARY_DIR}/firmware/kiosk/pki)
endif()
suite(unit identity_test
  SOURCES unit/identity/pki_factory_test.cpp
  DEPS certrelay_kiosk_pki)
