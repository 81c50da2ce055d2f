suite(unit city_test SHARDS 2
  SOURCES unit/city/card_test.cpp unit/city/city_test.cpp unit/city/files_test.cpp
          unit/city/glyph_test.cpp unit/city/names_test.cpp unit/city/people_test.cpp
  DEPS certrelay_kiosk_city certrelay_daemon_config certrelay_identity PkgConfig::HARFBUZZ
       PkgConfig::FREETYPE)
