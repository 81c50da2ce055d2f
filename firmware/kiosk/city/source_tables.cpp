#include "firmware/kiosk/city/source_tables.hpp"

#include "firmware/kiosk/city/cast.hpp"
#include "firmware/kiosk/city/population.hpp"
#include "firmware/kiosk/pki/profiles.hpp"
#include "protocol/base/check.hpp"
#include "protocol/extract/record_codec.hpp"

namespace certrelay {
namespace {

using std::chrono::days;

constexpr std::size_t kFlushBytes = std::size_t{1} << 20;
constexpr int kDaysSinceIssueMin = 30;
constexpr int kDaysSinceIssueMax = 1400;  // of the five years that a certificate lasts

Catalogue make_catalogue(JstDay today, IndividualNumbers numbers) {
  const auto purpose = [](std::string_view code) { return PurposeCode::parse(code).value(); };
  const auto entry = [](std::string_view code) { return EntryCode::parse(code).value(); };
  const auto kind = CertificateKind::kJuminhyo;
  const bool offered = numbers == IndividualNumbers::kHeld;
  return {.kinds = {{.kind = kind, .name = "住民票の写し", .individual_number = offered}},
          .purposes = {{purpose("GENERAL"), "一般"}, {purpose("PUBLIC-PENSION"), "公的年金の手続"}},
          .entries = {{entry(kEntryHeadRelation), "世帯主・続柄"},
                      {entry(kEntryDomicile), "本籍・筆頭者"},
                      {entry(kEntryForeignItems), "国籍・地域、在留資格等"}},
          .fees = {{kind, purpose("GENERAL"), 300, FeeUnit::kPerCopy, today - days(3000)},
                   {kind, purpose("GENERAL"), 200, FeeUnit::kPerCopy, today - days(400)},
                   {kind, purpose("PUBLIC-PENSION"), 0, FeeUnit::kPerCopy, today - days(400)}}};
}

template <class Record>
Result<void> write_table(Files& files, const std::string& folder, Table table,
                         const std::vector<Record>& records) {
  CERTRELAY_TRY(auto writer, TableWriter::create(files, folder, table));
  for (const auto& record : records) {
    CERTRELAY_TRY(writer.add(cells_of(record)));
  }
  return writer.finish();
}

// Softcards for every role; for residents as many as asked, heads of households first.
class CardChoice {
 public:
  explicit CardChoice(int residents_max) : left_(static_cast<std::size_t>(residents_max)) {}

  void add_role(IssuedCard card) { roles_.push_back(std::move(card)); }
  void add_resident(IssuedCard card, bool first_of_household) {
    auto& list = first_of_household ? first_ : second_;
    if (list.size() < left_) list.push_back(std::move(card));
  }
  std::vector<IssuedCard> take() && {
    for (auto* list : {&first_, &second_}) {
      for (auto& card : *list) {
        if (left_ == 0) break;
        --left_;
        roles_.push_back(std::move(card));
      }
    }
    return std::move(roles_);
  }

 private:
  std::size_t left_;
  std::vector<IssuedCard> roles_;
  std::vector<IssuedCard> first_;
  std::vector<IssuedCard> second_;
};

class SourceWriter {
 public:
  SourceWriter(const PopulationOptions& options, TableWriter cards, TableWriter households,
               TableWriter persons)
      : options_(options),
        random_(options.seed),
        registrar_(random_, options.today),
        choice_(options.softcards_max),
        cards_(std::move(cards)),
        households_(std::move(households)),
        persons_(std::move(persons)) {}

  Result<RegisterSummary> run() {
    const Cast cast = make_cast(registrar_);
    for (const auto& household : cast.households) {
      CERTRELAY_TRY(write(household));
    }
    for (const auto& plan : cast.strays) choice_.add_role(issue(plan));
    const auto residents = static_cast<std::uint64_t>(options_.residents);
    while (summary_.persons < residents) {
      const auto left = static_cast<int>(residents - summary_.persons);
      CERTRELAY_TRY(write(random_household(registrar_, left)));
    }
    CERTRELAY_TRY(cards_.finish());
    CERTRELAY_TRY(households_.finish());
    CERTRELAY_TRY(persons_.finish());
    summary_.softcards = std::move(choice_).take();
    return std::move(summary_);
  }

 private:
  IssuedCard issue(const CardPlan& plan) {
    // The running number keeps serials apart, the random part keeps them from being guessed.
    const std::uint64_t number = (++issued_ << 28U) | random_.below(std::uint64_t{1} << 28U);
    const int age = plan.fate == CardFate::kIssuedToday
                        ? 0
                        : random_.between(kDaysSinceIssueMin, kDaysSinceIssueMax);
    return {.plan = plan, .number = number, .issued = options_.today - days(age)};
  }

  Result<void> write(const CityHousehold& household) {
    CERTRELAY_TRY(households_.add(cells_of(household.record)));
    for (auto member : household.members) {
      if (options_.numbers == IndividualNumbers::kHeld)
        member.individual_number = number_of(member);
      CERTRELAY_TRY(persons_.add(cells_of(member, options_.numbers)));
    }
    ++summary_.households;
    summary_.persons += household.members.size();
    bool first = true;
    for (const auto& plan : household.cards) {
      auto card = issue(plan);
      if (plan.fate != CardFate::kUnlinked) {
        CERTRELAY_TRY(link(card));
      }
      if (plan.role != "resident") {
        choice_.add_role(std::move(card));
      } else {
        choice_.add_resident(std::move(card), first);
        first = false;
      }
    }
    return ok();
  }

  // None for the dead, and for a child whose number is not notified yet.
  std::optional<IndividualNumber> number_of(const PersonRecord& person) {
    const bool dead = person.member_gate == MemberGate::kDeathReported ||
                      person.applicant_gate == ApplicantGate::kDeceased;
    if (dead || registrar_.age_of(person) == 0) return std::nullopt;
    auto digits = std::to_string(++numbered_);
    digits.insert(0, IndividualNumber::kDigits - 1 - digits.size(), '0');
    digits += IndividualNumber::check_digit(digits);
    return IndividualNumber::parse(digits).value();
  }

  Result<void> link(const IssuedCard& card) {
    CERTRELAY_CHECK(card.plan.person.has_value());
    ++summary_.cards;
    // A new card opens something from the day after its issue.
    return cards_.add(cells_of(CardRecord{.issuer = 0,
                                          .serial = serial_from(card.number),
                                          .valid_from = card.issued + days(1),
                                          .person = *card.plan.person}));
  }

  const PopulationOptions& options_;
  CityRandom random_;
  Registrar registrar_;
  CardChoice choice_;
  TableWriter cards_;
  TableWriter households_;
  TableWriter persons_;
  RegisterSummary summary_;
  std::uint64_t issued_ = 0;
  std::uint64_t numbered_ = 0;
};

}  // namespace

Result<TableWriter> TableWriter::create(Files& files, const std::string& folder, Table table,
                                        IndividualNumbers numbers) {
  const std::string path = folder + "/" + std::string(table_info(table).file);
  CERTRELAY_TRY(auto file, files.open(path, OpenMode::kCreateNew));
  TableWriter writer(std::move(file));
  CERTRELAY_TRY(writer.add(header_cells(table, numbers)));
  return writer;
}

Result<void> TableWriter::add(const std::vector<std::string>& cells) {
  append_csv_row(buffer_, cells);
  return buffer_.size() < kFlushBytes ? Result<void>(ok()) : flush();
}

Result<void> TableWriter::flush() {
  CERTRELAY_TRY(file_->write_at(offset_, as_bytes(buffer_)));
  offset_ += buffer_.size();
  buffer_.clear();
  return ok();
}

Result<void> TableWriter::finish() {
  CERTRELAY_TRY(flush());
  return file_->sync();
}

Result<RegisterSummary> write_source_tables(Files& files, const std::string& folder,
                                            const PopulationOptions& options) {
  CERTRELAY_CHECK(options.residents >= kResidentsMin);
  const Catalogue catalogue = make_catalogue(options.today, options.numbers);
  CERTRELAY_TRY(write_table(files, folder, Table::kKinds, catalogue.kinds));
  CERTRELAY_TRY(write_table(files, folder, Table::kPurposes, catalogue.purposes));
  CERTRELAY_TRY(write_table(files, folder, Table::kEntries, catalogue.entries));
  CERTRELAY_TRY(write_table(files, folder, Table::kFees, catalogue.fees));
  CERTRELAY_TRY(auto cards, TableWriter::create(files, folder, Table::kCards));
  CERTRELAY_TRY(auto households, TableWriter::create(files, folder, Table::kHouseholds));
  CERTRELAY_TRY(auto persons, TableWriter::create(files, folder, Table::kPersons, options.numbers));
  return SourceWriter(options, std::move(cards), std::move(households), std::move(persons)).run();
}

}  // namespace certrelay
