// certrelay-kiosk issue and inquire: one applicant at one kiosk.
#include <fmt/core.h>

#include "firmware/kiosk/city_options.hpp"
#include "firmware/kiosk/commands.hpp"
#include "firmware/kiosk/paper.hpp"
#include "firmware/kiosk/say.hpp"
#include "firmware/kiosk/wish.hpp"
#include "relay/env/posix_files.hpp"
#include "relay/env/system_clock.hpp"
#include "relay/env/system_entropy.hpp"

namespace certrelay {
namespace {

struct IssueOptions {
  CityOptions city;
  Wish wish;
  std::string kind = "juminhyo";
  std::string event = "printed";
  std::string out;
  std::string png;
  int patience_s = 120;
  bool inquire_only = false;
};

void say_inquiry(const InquiryAnswer& answer) {
  say("inquiry", fmt::format("{} 人を選べます", answer.members.size()));
  int number = 0;
  for (const InquiryMember& member : answer.members) {
    say("", fmt::format("{} {}  {}  {}{}", ++number, member.name.reveal(),
                        member.name_kana.reveal(), member.birth_date.text.reveal(),
                        member.issuable ? "" : "  窓口でお尋ねください"));
  }
  for (const InquiryPurpose& purpose : answer.purposes) {
    say("", fmt::format("用途 {} {}", purpose.code.text(), purpose.name));
  }
  for (const InquiryEntry& entry : answer.entries) {
    say("", fmt::format("記載 {} {}  {}{}", entry.code.text(), entry.name,
                        entry.default_include ? "有" : "無", entry.selectable ? "" : " (固定)"));
  }
  for (const Fee& fee : answer.fees) {
    say("", fmt::format("手数料 {} {} 円 {} {} から", fee.purpose.text(), fee.unit_price_yen,
                        to_text(fee.unit), to_iso_day(fee.effective_from)));
  }
}

// The steps of one run, in their order; each says what it did. Every int is an exit code.
class Applicant {
 public:
  Applicant(const LoadedCity& city, Files& files, const IssueOptions& options, RepeatPolicy policy)
      : city_(city), files_(files), options_(options), line_(city.world(), policy) {}

  int run(const PresentedCard& card, CertificateKind kind) {
    // Nothing has begun yet: whoever cannot be reached now is not waited for.
    // A listener that closes at once is not serving yet (its vault starts); the exchange tries
    // again.
    const auto ready = line_.connect();
    if (!ready && ready.error().code != ErrorCode::kConnectionBroken) {
      return fail("connect", ready.error());
    }
    const auto opened = open_at_kiosk(line_.center, city_.world(), city_.kiosk(), kind);
    if (!opened) return fail("open", opened.error());
    say("open",
        fmt::format("transaction {}, kiosk {}, until {}", opened.value().own.transaction.text(),
                    city_.kiosk().text(), to_rfc3339_jst(opened.value().own.expires_at)));
    const auto inquiry = inquire_with_card(line_.center, opened.value(), card);
    if (!inquiry) return fail("inquiry", inquiry.error());
    say_inquiry(inquiry.value().answer);
    if (options_.inquire_only) return kExitDone;
    return issue(opened.value(), inquiry.value());
  }

 private:
  int fail(std::string_view step, const Error& error) {
    return say_failure(step, error, &line_.center);
  }

  int issue(const OpenedAtKiosk& opened, const InquiryReply& inquiry) {
    const auto request = choose(options_.wish, inquiry);
    if (!request) return say_bad_argument("choice", request.error());
    const auto document = line_.center.issue(opened.own.transaction, request.value());
    if (!document) return fail("issuance", document.error());
    const IssuanceHeaders& headers = document.value().headers;
    say("issuance", fmt::format("document {}, {} sheet(s), {} yen, register {}.{}, {} bytes",
                                headers.document_id.text(), headers.sheets, headers.fee_yen,
                                headers.register_version.generation,
                                headers.register_version.sequence, document.value().pdf.size()));
    const auto checked = check_issued(document.value(), opened, inquiry, request.value());
    if (!checked) return fail("check", checked.error());
    const auto text = check_text(document.value());
    if (!text) return fail("check", text.error());
    say("check", fmt::format("signature and digest verified, {} subject tag(s) as expected, {}",
                             request.value().members.size(), text.value()));
    if (const int code = write(document.value()); code != kExitDone) return code;
    return report(opened.own.transaction, document.value());
  }

  int write(const Document& document) {
    if (!options_.out.empty()) {
      const auto done = files_.write_durably(options_.out, document.pdf);
      if (!done) return fail("write", done.error());
      say("write", options_.out);
    }
    if (!options_.png.empty()) {
      const auto paths = write_pictures(files_, options_.png, document);
      if (!paths) return fail("picture", paths.error());
      for (const std::string& path : paths.value()) say("picture", path);
    }
    return kExitDone;
  }

  int report(const TransactionId& id, const Document& document) {
    if (options_.event == "none") return kExitDone;
    const auto event = parse_print_event(options_.event);
    if (!event) return say_bad_argument("--event", event.error());
    const auto done = line_.center.report(
        id, event_of(event.value(), document, options_.wish.copies, city_.world()));
    if (!done) return fail("event", done.error());
    const auto state = line_.center.state(id);
    if (!state) return fail("state", state.error());
    say("event",
        fmt::format("{}, the relay's state is {}", options_.event, to_text(state.value().state)));
    return kExitDone;
  }

  const LoadedCity& city_;
  Files& files_;
  const IssueOptions& options_;
  CenterLine line_;
};

int run(const IssueOptions& options) {
  PosixFiles files;
  const SystemClock clock;
  SystemEntropy entropy;
  const auto kind = parse_certificate_kind(options.kind);
  if (!kind) return say_bad_argument("--kind", kind.error());
  const auto city = LoadedCity::load(files, clock, entropy, options.city);
  if (!city) return say_bad_argument("--city", city.error());
  RepeatPolicy policy;
  policy.window_ms = std::chrono::seconds(options.patience_s);
  Applicant applicant(*city.value(), files, options, policy);
  if (!options.city.token.module.empty()) {
    // Before a transaction begins: its time is not for typing.
    const auto card = TokenCard::open(options.city.token, ask_pin);
    if (!card) return say_failure("card", card.error(), nullptr);
    say("card", "token, " + std::string(to_text(card.value()->algorithm())));
    return applicant.run(*card.value(), kind.value());
  }
  const auto path = city.value()->card_file(options.city);
  if (!path) return say_bad_argument("card", path.error());
  const auto card = load_softcard(files, path.value());
  if (!card) return say_bad_argument("card", card.error());
  say("card", path.value());
  return applicant.run(PresentedSoftcard(card.value()), kind.value());
}

void add_shared(CLI::App& command, IssueOptions& options) {
  options.city.add_city(command);
  options.city.add_card(command);
  command.add_option("--kind", options.kind, "certificate kind: juminhyo, kisai_jiko")
      ->capture_default_str();
  command
      .add_option("--patience", options.patience_s,
                  "seconds in which an unanswered request is sent again, at most 120")
      ->check(CLI::Range(0, 120))
      ->capture_default_str();
}

}  // namespace

void add_issue_command(CLI::App& root, int& exit_code) {
  auto options = std::make_shared<IssueOptions>();
  CLI::App* issue = root.add_subcommand(
      "issue", "present a card, choose, receive the certificate, check it, report `printed`");
  add_shared(*issue, *options);
  issue
      ->add_option("--members", options->wish.members,
                   "whom to print: all, self, or numbers of the inquiry's list as in 1,3")
      ->capture_default_str();
  issue
      ->add_option("--entries", options->wish.entries,
                   "optional entries to print: default, all, none, or codes as in\n"
                   "HEAD-RELATION,DOMICILE")
      ->capture_default_str();
  issue->add_option("--purpose", options->wish.purpose, "purpose code (default: the first listed)");
  issue->add_flag("--individual-number", options->wish.individual_number,
                  "ask for the individual number too");
  issue->add_option("--copies", options->wish.copies, "copies")
      ->check(CLI::Range(1, kCopiesMax))
      ->capture_default_str();
  issue
      ->add_option("--event", options->event,
                   "what becomes of the paper: printed, cancelled, jammed, timed_out, none")
      ->check(CLI::IsMember({"printed", "cancelled", "jammed", "timed_out", "none"}))
      ->capture_default_str();
  issue->add_option("--out", options->out, "write the PDF here");
  issue->add_option("--png", options->png, "write page 1 as a picture here, page 2 as FILE-2.png");
  issue->callback([options, &exit_code] { exit_code = run(*options); });
}

void add_inquire_command(CLI::App& root, int& exit_code) {
  auto options = std::make_shared<IssueOptions>();
  options->inquire_only = true;
  CLI::App* inquire = root.add_subcommand(
      "inquire", "present a card and list what could be chosen; issues nothing");
  add_shared(*inquire, *options);
  inquire->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace certrelay
