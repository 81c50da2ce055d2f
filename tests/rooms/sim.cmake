# The real rooms below TLS under simulated time, disk and chance (tests/sim/simulation.hpp).
suite(sim sim_test
  SOURCES sim/deactivation_test.cpp sim/planted_test.cpp sim/sim_checker.cpp sim/sim_city.cpp sim/sim_front.cpp
          sim/sim_site.cpp
          sim/simulation.cpp sim/simulation_test.cpp unit/extract/sample_extract.cpp
  DEPS certrelay_client certrelay_daemon certrelay_kiosk certrelay_ledger_test_support certrelay_registry certrelay_test_issuance
       certrelay_test_support)
add_test(NAME sim.no_plants
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/sim/no_plants_test.py $<TARGET_FILE:certrelayd>)
set_tests_properties(sim.no_plants PROPERTIES LABELS sim)
