# Every library from outside, once, under one name each; rooms link these names only.
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(OpenSSL 3.0 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(FIDO2 REQUIRED IMPORTED_TARGET libfido2)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(P11KIT REQUIRED p11-kit-1)
pkg_check_modules(HARFBUZZ REQUIRED IMPORTED_TARGET harfbuzz)
pkg_check_modules(FREETYPE REQUIRED IMPORTED_TARGET freetype2)
pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
find_library(HPDF_LIBRARY hpdf REQUIRED)

# Asio, its TLS part and Beast compiled once (BOOST_*_SEPARATE_COMPILATION), not in every file.
add_library(certrelay_asio STATIC ${CMAKE_SOURCE_DIR}/relay/env/asio_source.cpp)
target_compile_definitions(certrelay_asio PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(certrelay_asio PUBLIC
  certrelay_flags Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)

find_package(tomlplusplus REQUIRED)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
