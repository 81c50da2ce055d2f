// Internal to relay/console: one request, and the answers that pages become.
#pragma once

#include "relay/console/console.hpp"
#include "relay/console/form.hpp"

namespace certrelay {

struct ConsoleVisit {
  ConsoleVisit(HttpRequest its_request, AskVault ask);

  HttpRequest request;
  Words words;
  VaultCalls calls;
  std::optional<PageContext> page;  // once the person is known

  const PageContext& known() const { return *page; }
  std::string t(Both both) const { return std::string(words(both)); }
};

// Which page has a script: those on which a security key signs.
enum class Scripts : std::uint8_t { kNone, kSecurityKey };

// A page of a person who is logged in, with the menu of what the role may see.
HttpAnswer page_answer(const PageContext& page, std::string_view path, const std::string& title,
                       const Markup& main, Scripts scripts = Scripts::kNone, int status = 200);
// Without a menu: logging in, and what could not be shown.
HttpAnswer plain_page_answer(const Words& words, const std::string& title, const Markup& main,
                             int status, Scripts scripts = Scripts::kNone);
HttpAnswer redirect(const std::string& path, HttpHeaders headers = {});
// /console.css, /console.js; none: not one of them.
std::optional<HttpAnswer> asset(std::string_view path);

// The pages' insides, pure.
Markup today_main(const PageContext& page, const std::vector<Entry>* provided,
                  const std::vector<Entry>* refused, bool cut);
Markup service_main(const PageContext& page);
Markup register_main(const PageContext& page);
Markup certificates_main(const PageContext& page);
Markup erasures_main(const PageContext& page, const std::vector<Entry>& evidence, bool cut);
Markup alarms_main(const PageContext& page, const std::vector<Entry>& story,
                   const std::vector<Entry>& history, bool cut);
Markup operators_main(const PageContext& page, const OperatorList& list);
Markup accounts_table(const PageContext& page, const OperatorList& list);
Markup approvals_main(const PageContext& page, const PendingList& list);
Markup unresolved_main(const PageContext& page, std::string_view daily_csv);
// A report as it was made (report_csv()), section by section; without its head.
Markup report_view(std::string_view csv);
Markup ledger_main(const PageContext& page, const Form* asked, const std::vector<Entry>* found,
                   bool cut);
Markup reports_main(const PageContext& page);
Markup account_main(const PageContext& page, std::string_view said);
Markup log_in_main(const Words& words, const std::optional<KeyChallenge>& challenge,
                   const std::string& refused);
// What a person signs: the action in words, then the button of the key.
Markup action_facts(const PageContext& page, const OperatorAction& action);
Markup sign_form(const PageContext& page, const std::string& path, const Digest& challenge,
                 const Markup& fields, std::string_view button_words);
// A new key of that person, read by the script.
Markup key_form(const PageContext& page, const KeyChallenge& challenge);
Markup entries_table(const PageContext& page, const std::string& caption,
                     const std::vector<Entry>& entries, const std::string& when_empty);

// What a search's form asks for. Errors: the parsers'.
Result<LedgerQueryRequest> ledger_request(const Form& form);

// The signature that the key's script has put into the form. Errors: kMalformed (none is there).
Result<PersonalSignature> signature_in(const Form& form);
void put_fields(Markup& out, const OperatorAction& action);
// What put_fields() wrote, proposed by that person. Errors: kMalformed and check()'s.
Result<OperatorAction> action_in(const Form& form, const OperatorName& proposer);
// "p_…" of an order's form, in order. Errors: kMalformed.
Result<ActionParameters> parameters_in(const Form& form);

}  // namespace certrelay
