// What an operator asks for, as officials read it: the console, the command line and the reports
// say the same words (docs/GLOSSARY.md).
#pragma once

#include <string>
#include <string_view>

namespace certrelay {

// "警報の解除" of "alarm.clear"; the code itself where it is not known. The result lives as long as
// the program, or as `code`.
std::string_view action_words(std::string_view code);
std::string_view english_action_words(std::string_view code);
// As action_words(); an entry's "erasure.12", which no operator asks for, is 「消去 第12号」.
std::string spoken_action(std::string_view code);
std::string english_spoken_action(std::string_view code);
// "取引番号" of "transaction", a parameter of an action; likewise.
std::string_view parameter_words(std::string_view name);
std::string_view english_parameter_words(std::string_view name);

}  // namespace certrelay
