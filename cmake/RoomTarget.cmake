# One INTERFACE target carries every flag; every room links it.
find_program(CERTRELAY_CCACHE ccache)
if(CERTRELAY_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CERTRELAY_CCACHE})
endif()
find_program(CERTRELAY_MOLD mold)
add_library(certrelay_flags INTERFACE)
target_compile_features(certrelay_flags INTERFACE cxx_std_20)
target_include_directories(certrelay_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(certrelay_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror -Werror=unused-result
  -fno-omit-frame-pointer
  # The OpenSSF guide's flags for C++ as far as g++ 12 has them (-fstrict-flex-arrays came later).
  -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -fPIE
  # No machine's path in a binary: equal sources give equal bytes. A compiler cache with a base folder
  # of its own hands the compiler paths as seen from build/PRESET.
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=../..=.
  -ffile-prefix-map=${CMAKE_BINARY_DIR}/=)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees overflows in inlined std::vector and std::string code at -O2 that are not there
  # (GCC bugs 105329, 105651, 106199); ASan and the other compiler watch over the real ones.
  target_compile_options(certrelay_flags INTERFACE
    -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-restrict
    # What was never written reads as zero, not as what lay there (the guide's; clang 14 asks for more
    # words). Of what ships alone: with ASan g++ 12 then warns of temporaries in fmt that are written.
    $<$<CONFIG:RelWithDebInfo>:-ftrivial-auto-var-init=zero>
    # Asio frees a coroutine frame with what it allocated it with; -O2 loses sight of it.
    -Wno-mismatched-new-delete)
endif()
target_compile_definitions(certrelay_flags INTERFACE
  _GLIBCXX_ASSERTIONS
  $<$<CONFIG:RelWithDebInfo>:_FORTIFY_SOURCE=3>)
# Line tables are enough to read a stack; full debug information adds a third to the build's time.
target_compile_options(certrelay_flags INTERFACE -g1)
if(CERTRELAY_MOLD)
  target_link_options(certrelay_flags INTERFACE -fuse-ld=mold)
endif()
target_link_options(certrelay_flags INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack
  # Names the very program in the ledger and in /readyz (INV-8); mold writes none unless asked.
  -Wl,--build-id=sha1)
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # A class of a .cpp that holds a type of the same .cpp is no class of a header there (decision 0053).
  target_compile_options(certrelay_flags INTERFACE -Wno-subobject-linkage)
endif()
if(CERTRELAY_FUZZ)
  target_compile_options(certrelay_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(CERTRELAY_SANITIZE)
  target_compile_options(certrelay_flags INTERFACE -fsanitize=${CERTRELAY_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(certrelay_flags INTERFACE -fsanitize=${CERTRELAY_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CERTRELAY_SANITIZE MATCHES undefined)
    # After -fsanitize, or it is switched on again. clang 14 cannot emit it for coroutines (llvm-project#49689).
    target_compile_options(certrelay_flags INTERFACE -fno-sanitize=function)
  endif()
endif()

# room(NAME SOURCES ... DEPS ...) declares the static library certrelay_NAME.
function(room name)
  cmake_parse_arguments(R "" "" "SOURCES;DEPS" ${ARGN})
  add_library(certrelay_${name} STATIC ${R_SOURCES})
  target_link_libraries(certrelay_${name} PUBLIC certrelay_flags ${R_DEPS})
endfunction()
