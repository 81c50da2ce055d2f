// The pages' two languages, and the words for what the protocol has codes for.
#pragma once

#include <string>
#include <string_view>

#include "protocol/record/entry.hpp"
#include "protocol/wire/operator_message.hpp"

namespace certrelay {

enum class Language : std::uint8_t { kJapanese, kEnglish };

// One phrase in both languages; only literals are meant to be one.
struct Both {
  std::string_view ja;
  std::string_view en;
};

class Words {
 public:
  explicit Words(Language language) : language_(language) {}
  std::string_view operator()(Both both) const {
    return language_ == Language::kJapanese ? both.ja : both.en;
  }
  Language language() const { return language_; }
  std::string_view tag() const { return language_ == Language::kJapanese ? "ja" : "en"; }

  std::string time(UtcTime time) const;  // "2026年11月30日 14時05分", "2026-11-30 14:05"
  std::string time(const std::optional<UtcTime>& time) const;  // "なし" when there is none
  std::string day(JstDay day) const;
  std::string duration(std::uint64_t seconds) const;  // "3時間12分"
  std::string count(std::uint64_t number, Both unit) const;

 private:
  Language language_;
};

Both words_of(EntryKind kind);
Both words_of(CertificateKind kind);
Both words_of(OperatorRole role);
// Several, with what stands between them in that language.
std::string roles_words(const Words& words, const std::vector<OperatorRole>& roles);
// Of "clerk,auditor"; a text that is none stays as it is.
std::string roles_words(const Words& words, std::string_view roles);
Both words_of(Affiliation affiliation);
Both words_of(AccountStatus status);
Both words_of(ActionState state);
// Of an action's code, and of a parameter's name; the code itself where it is new.
Both words_of_action(std::string_view code);
Both words_of_parameter(std::string_view name);
// Of a check's or a dated thing's name.
Both check_words(std::string_view name);
Both words_of_reason(ErrorCode code);
// With its number: "電子証明書の失効（127）", "Card revoked (127)".
std::string numbered_reason(const Words& words, ErrorCode code);

}  // namespace certrelay
