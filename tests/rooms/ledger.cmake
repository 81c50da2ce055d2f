# env, record, ledger
if(NOT TARGET certrelay_test_support)
  add_subdirectory(support)
endif()
suite(unit env_test
  SOURCES unit/env/clock_test.cpp unit/env/forgetful_files_test.cpp
          unit/env/posix_files_test.cpp unit/env/sqlite_test.cpp
  DEPS certrelay_test_support)
suite(unit record_test
  SOURCES unit/record/chain_test.cpp unit/record/entry_test.cpp unit/record/export_test.cpp
          unit/record/merkle_test.cpp unit/record/note_test.cpp
  DEPS certrelay_record)
suite(unit ledger_test
  SOURCES unit/ledger/ledger_test.cpp unit/ledger/power_cut_test.cpp
          unit/ledger/time_and_checkpoint_test.cpp unit/ledger/verify_test.cpp
  DEPS certrelay_ledger_test_support)
