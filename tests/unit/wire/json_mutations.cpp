#include "tests/unit/wire/json_mutations.hpp"

namespace certrelay::mutations {
namespace {

namespace json = boost::json;

// Visits each value below `at` with its JSON pointer; `visit` may change it and must restore it.
template <class Visit>
void walk(json::value& at, const std::string& pointer, const Visit& visit) {
  visit(at, pointer);
  if (auto* object = at.if_object()) {
    for (auto& member : *object) {
      walk(member.value(), pointer + "/" + std::string(member.key()), visit);
    }
  } else if (auto* array = at.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      walk((*array)[i], pointer + "/" + std::to_string(i), visit);
    }
  }
}

}  // namespace

std::vector<Mutation> all_of(std::string_view good) {
  std::vector<Mutation> out;
  json::value root = json::parse(json::string_view(good.data(), good.size()));
  walk(root, "", [&](json::value& value, const std::string& pointer) {
    const json::value original = value;
    const auto keep = [&](const std::string& what) {
      out.push_back({what + " " + pointer, json::serialize(root)});
      value = original;
    };
    value = nullptr;
    keep("null");
    if (!original.is_object()) return;
    value.as_object()["unexpected"] = 1;
    keep("unexpected in");
    for (const auto& member : original.get_object()) {
      value.as_object().erase(member.key());
      keep("missing " + std::string(member.key()) + " in");
    }
  });
  return out;
}

}  // namespace certrelay::mutations
