suite(unit register_date_test SOURCES unit/base/register_date_test.cpp DEPS certrelay_base)
