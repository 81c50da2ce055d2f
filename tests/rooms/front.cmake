suite(unit front_test SOURCES unit/front/gate_test.cpp DEPS certrelay_front)
fuzz_target(gate_fuzz DEPS certrelay_front)
