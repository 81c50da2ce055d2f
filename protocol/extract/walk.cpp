#include "protocol/extract/walk.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "protocol/base/check.hpp"
#include "protocol/extract/card_table.hpp"
#include "protocol/extract/catalogue_rules.hpp"
#include "protocol/extract/name_images.hpp"
#include "protocol/extract/record_codec.hpp"
#include "protocol/extract/table_stream.hpp"

namespace certrelay {
namespace {

// A fault that went to the diagnostics ends its table, not the walk.
bool is_of_content(const Error& error) {
  switch (error.code) {
    case ErrorCode::kExtractInvalid:
    case ErrorCode::kExtractIncomplete:
    case ErrorCode::kForbiddenItem:
    case ErrorCode::kUnknownItem:
    case ErrorCode::kDigestMismatch:
    case ErrorCode::kLimitExceeded:
      return true;
    default:
      return false;
  }
}

class Walk {
 public:
  Walk(const Manifest& manifest, ExtractFiles& files, ExtractSink& sink, Diagnostics& diagnostics)
      : manifest_(manifest), files_(files), sink_(sink), diagnostics_(diagnostics) {}

  Result<void> run() {
    CERTRELAY_TRY(part(&Walk::catalogue));
    CERTRELAY_TRY(part(&Walk::images));
    CERTRELAY_TRY(part(&Walk::cards));
    CERTRELAY_TRY(part(&Walk::people));
    if (!diagnostics_.clean()) return Error{diagnostics_.rejections().front().code, "extract"};
    return ok();
  }

 private:
  using Part = Result<void> (Walk::*)();
  Result<void> part(Part step) {
    auto done = (this->*step)();
    if (done || (is_of_content(done.error()) && !diagnostics_.clean())) return ok();
    return done.error();
  }

  Result<std::unique_ptr<TableStream>> open(Table table) {
    return TableStream::open(manifest_, files_, table, diagnostics_);
  }

  template <class Record, class Add>
  Result<void> each(Table table, Result<Record> (*decode)(RowCursor&), Add add) {
    CERTRELAY_TRY(auto stream, open(table));
    rows_of_table_ = 0;
    for (;;) {
      CERTRELAY_TRY(const bool any, stream->next());
      if (!any) return ok();
      ++rows_of_table_;
      auto cursor = stream->cursor();
      auto record = decode(cursor);
      if (record) add(std::move(record).value(), stream->line());
    }
  }

  Result<void> catalogue() {
    Catalogue out;
    const auto before = diagnostics_.rejected();
    const auto to = [](auto& list) {
      return [&list](auto record, std::uint64_t) { list.push_back(std::move(record)); };
    };
    CERTRELAY_TRY(each(Table::kKinds, decode_kind, [&](KindRecord kind, std::uint64_t line) {
      if (kind.individual_number && manifest_.numbers == IndividualNumbers::kNotHeld) {
        reject(Table::kKinds, line, "individual_number", "forbidden-item",
               "個人番号は保有していないため選択できません。0にしてください。",
               ErrorCode::kForbiddenItem);
      }
      out.kinds.push_back(std::move(kind));
    }));
    CERTRELAY_TRY(each(Table::kPurposes, decode_purpose, to(out.purposes)));
    CERTRELAY_TRY(each(Table::kEntries, decode_entry, to(out.entries)));
    CERTRELAY_TRY(each(Table::kFees, decode_fee, to(out.fees)));
    // A row that was reported would be missed there once more.
    if (diagnostics_.rejected() != before) return ok();
    check_catalogue(out, jst_day(manifest_.created), diagnostics_);
    if (!diagnostics_.clean()) return ok();
    return sink_.catalogue(std::move(out));
  }

  Result<void> images() { return images_.read(manifest_, files_, diagnostics_); }

  Result<void> cards() {
    CERTRELAY_TRY(each(Table::kCards, decode_card, [&](const CardRecord& card, std::uint64_t line) {
      cards_.add(card, line);
      if (card.issuer >= manifest_.issuers.size()) {
        reject(Table::kCards, line, "issuer", "unknown-issuer",
               "manifest.jsonのissuersにない番号です。");
      }
    }));
    cards_.finish(diagnostics_);
    expect_count(rows_of_table_, manifest_.cards, Table::kCards);
    all_cards_read_ = true;
    return ok();
  }

  Result<void> people() {
    CERTRELAY_TRY(auto households, open(Table::kHouseholds));
    CERTRELAY_TRY(persons_, open(Table::kPersons));
    CERTRELAY_TRY(more_persons_, persons_->next());
    for (;;) {
      CERTRELAY_TRY(const bool any, households->next());
      if (!any) break;
      CERTRELAY_TRY(household(*households));
    }
    if (more_persons_) {
      reject_order();
      return ok();
    }
    report_twins(household_ids_, Table::kHouseholds, "household_id");
    report_twins(person_ids_, Table::kPersons, "person_id");
    // Whose row cannot be read is reported there; the card and the image are not nobody's.
    if (all_cards_read_ && !unknown_person_) cards_.report_rest(diagnostics_);
    if (!bad_person_) images_.report_rest(diagnostics_);
    expect_count(household_count_, manifest_.households, Table::kHouseholds);
    expect_count(person_count_, manifest_.persons, Table::kPersons);
    return ok();
  }

  Result<void> household(TableStream& households) {
    ++household_count_;
    const std::string id(households.cell(kHouseholdIdOfHousehold));
    auto cursor = households.cursor();
    auto record = decode_household(cursor);
    std::vector<PersonRecord> members;
    std::vector<std::uint64_t> lines;
    std::size_t rows = 0;
    while (more_persons_ && persons_->cell(kHouseholdIdOfPerson) == id) {
      ++rows;
      person(members, lines);
      CERTRELAY_TRY(more_persons_, persons_->next());
    }
    if (rows == 0 && more_persons_) {
      reject_order();
      return Error{ErrorCode::kExtractInvalid, "extract: order of persons"};
    }
    if (!record || members.size() != rows) {  // reported row by row
      std::vector<std::uint64_t> unused;
      for (const auto& member : members) cards_.take(member.person, unused);
      return ok();
    }
    household_ids_.push_back({to_number(record.value().household), households.line()});
    return hand_on(
        {std::move(record).value(), households.line(), std::move(members), std::move(lines)});
  }

  void person(std::vector<PersonRecord>& members, std::vector<std::uint64_t>& lines) {
    ++person_count_;
    auto cursor = persons_->cursor();
    auto record = decode_person(cursor);
    if (!record) return bad_person();
    PersonRecord person = std::move(record).value();
    person_ids_.push_back({to_number(person.person), persons_->line()});
    if (!person.name_image_file.empty()) {
      const Bytes* png = images_.take(person.name_image_file);
      if (png == nullptr) {
        reject(Table::kPersons, persons_->line(), "name_image", "image-missing",
               "画像がimagesにありません。");
      } else {
        person.name_image = *png;
      }
    }
    members.push_back(std::move(person));
    lines.push_back(persons_->line());
  }

  void bad_person() {
    bad_person_ = true;
    const auto id = PersonId::parse(persons_->cell(kPersonIdOfPerson));
    std::vector<std::uint64_t> unused;
    if (id) cards_.take(id.value(), unused);
    unknown_person_ = unknown_person_ || !id;
  }

  Result<void> hand_on(HouseholdRows rows) {
    std::vector<std::vector<CardRecord>> cards;
    for (const auto& member : rows.members) {
      cards.push_back(cards_.take(member.person, rows.card_lines.emplace_back()));
    }
    if (!check_household(rows, diagnostics_) || !diagnostics_.clean()) return ok();
    return sink_.household(std::move(rows), std::move(cards));
  }

  void reject(Table table, std::uint64_t line, std::string_view column, std::string_view rule,
              std::string_view mend, ErrorCode code = ErrorCode::kExtractInvalid) {
    diagnostics_.reject({std::string(table_info(table).file), line, column, rule, mend, code});
  }

  void reject_order() {
    reject(Table::kPersons, persons_->line(), "household_id", "order-of-persons",
           "persons.csvはhouseholds.csvと同じ順に世帯ごとにまとめてください。"
           "households.csvにない世帯も使えません。");
  }

  void expect_count(std::uint64_t found, std::uint64_t stated, Table table) {
    if (found == stated) return;
    reject(table, 0, {}, "count", "件数がmanifest.jsonと違います。");
  }

  struct IdLine {
    std::uint64_t id;
    std::uint64_t line;
  };
  void report_twins(std::vector<IdLine>& ids, Table table, std::string_view column) {
    std::sort(ids.begin(), ids.end(), [](const IdLine& a, const IdLine& b) {
      return std::tie(a.id, a.line) < std::tie(b.id, b.line);
    });
    for (std::size_t i = 1; i < ids.size(); ++i) {
      if (ids[i - 1].id != ids[i].id) continue;
      for (const auto& twin : {ids[i], ids[i - 1]}) {
        std::string id = std::to_string(twin.id);
        id.insert(0, kIdDigits - std::min(kIdDigits, id.size()), '0');
        diagnostics_.reject({std::string(table_info(table).file), twin.line, column, "double-id",
                             "同じ番号がもう一つの行にもあります。どちらかを直してください。",
                             ErrorCode::kExtractInvalid, std::move(id)});
      }
    }
  }

  // Schema columns that tie the two tables together.
  static constexpr std::size_t kHouseholdIdOfHousehold = 0;
  static constexpr std::size_t kHouseholdIdOfPerson = 1;
  static constexpr std::size_t kPersonIdOfPerson = 0;
  static constexpr std::size_t kIdDigits = 11;

  const Manifest& manifest_;
  ExtractFiles& files_;
  ExtractSink& sink_;
  Diagnostics& diagnostics_;
  NameImages images_;
  CardTable cards_;
  std::unique_ptr<TableStream> persons_;
  bool more_persons_ = false;
  bool all_cards_read_ = false;
  bool bad_person_ = false;      // a person's row could not be read
  bool unknown_person_ = false;  // and not even whose it is
  std::uint64_t rows_of_table_ = 0;
  std::uint64_t person_count_ = 0;
  std::uint64_t household_count_ = 0;
  std::vector<IdLine> person_ids_;
  std::vector<IdLine> household_ids_;
};

}  // namespace

Result<void> walk_extract(const Manifest& manifest, ExtractFiles& files, ExtractSink& sink,
                          Diagnostics& diagnostics) {
  return Walk(manifest, files, sink, diagnostics).run();
}

}  // namespace certrelay
