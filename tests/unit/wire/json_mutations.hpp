// Every document that is one fault away from a good one.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace certrelay::mutations {

struct Mutation {
  std::string what;  // "missing /members/0/name" ...
  std::string text;
};

// Each member of each object left out, each object with one member too many, each value replaced
// by null: for a closed schema without optional members all of them are wrong.
std::vector<Mutation> all_of(std::string_view good);

}  // namespace certrelay::mutations
