suite(unit city_test
  SOURCES unit/city/city_test.cpp unit/city/files_test.cpp unit/city/glyph_test.cpp
          unit/city/names_test.cpp unit/city/people_test.cpp
  DEPS certrelay_kiosk_city certrelay_daemon_config PkgConfig::HARFBUZZ PkgConfig::FREETYPE)
# Apart from the configuration's tests: the verifier has a CardConfig of its own.
suite(unit city_card_test
  SOURCES unit/city/card_test.cpp
  DEPS certrelay_kiosk_city certrelay_identity)
