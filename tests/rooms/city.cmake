suite(unit city_test
  SOURCES unit/city/files_test.cpp unit/city/glyph_test.cpp unit/city/names_test.cpp
          unit/city/people_test.cpp
  DEPS certrelay_kiosk_city PkgConfig::HARFBUZZ PkgConfig::FREETYPE)
