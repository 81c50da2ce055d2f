# env, record, ledger
suite(unit record_test SOURCES unit/record/entry_test.cpp DEPS certrelay_record)
