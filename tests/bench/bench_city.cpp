#include "tests/bench/bench_city.hpp"

#include "protocol/base/check.hpp"
#include "tests/unit/extract/sample_extract.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kFlushAt = std::size_t{1} << 20U;

class TableFile {
 public:
  TableFile(Files& files, const std::string& folder, Table table)
      : name_(table_info(table).file),
        file_(files.open(folder + "/" + name_, OpenMode::kCreateNew).value()) {
    append_csv_row(buffer_, header_cells(table));
  }
  template <class Record>
  void add(const Record& record) {
    append_csv_row(buffer_, cells_of(record));
    if (buffer_.size() >= kFlushAt) flush();
  }
  ManifestFile finish() {
    flush();
    return {name_, bytes_, hash_.finish()};
  }

 private:
  void flush() {
    CERTRELAY_CHECK(file_->write_at(bytes_, as_bytes(buffer_)).has_value());
    hash_.add(as_bytes(buffer_));
    bytes_ += buffer_.size();
    buffer_.clear();
  }
  std::string name_;
  std::unique_ptr<File> file_;
  Sha256 hash_;
  std::string buffer_;
  std::uint64_t bytes_ = 0;
};

sample::Household bench_household(std::uint64_t number) {
  auto out = sample::household(number, 1 + number % 3);
  out.household.address = sample::text("高知県土佐みなと市見本町" + std::to_string(number % 9973) +
                                       "番地" + std::to_string(number % 97) + "号");
  for (auto& member : out.members) {
    member.address_since = sample::date("2011-03-01");
    member.notified = sample::date("2011-03-05");
    member.previous_address = sample::text("高知県見本郡例示村大字見本１２３番地４");
    member.name = sample::text("見本　" + std::to_string(number) + "郎");
  }
  return out;
}

}  // namespace

Manifest write_bench_city(Files& files, const std::string& folder, const BenchCity& city) {
  Manifest out{.municipality = MunicipalityCode::parse("392901").value()};
  const auto catalogue = sample::catalogue();
  const auto whole = [&](Table table, const auto& rows) {
    TableFile file(files, folder, table);
    for (const auto& row : rows) file.add(row);
    out.files.push_back(file.finish());
  };
  whole(Table::kKinds, catalogue.kinds);
  whole(Table::kPurposes, catalogue.purposes);
  whole(Table::kEntries, catalogue.entries);
  whole(Table::kFees, catalogue.fees);
  TableFile cards(files, folder, Table::kCards);
  TableFile households(files, folder, Table::kHouseholds);
  TableFile persons(files, folder, Table::kPersons);
  for (std::uint64_t number = 1; out.persons < city.persons; ++number) {
    const bool touched = city.generation > 1 && number % city.change_every == 0;
    const auto how = number / city.change_every % 10;
    if (touched && how == 0) continue;                                             // has left
    const std::uint64_t id = touched && how == 1 ? number + 500'000'000 : number;  // is new
    auto household = bench_household(id);
    if (touched && how > 1) household.household.address = sample::text("土佐みなと市新港町１番");
    households.add(household.household);
    for (const auto& member : household.members) {
      persons.add(member);
      cards.add(sample::card_of(member.person));
    }
    ++out.households;
    out.persons += household.members.size();
  }
  out.cards = out.persons;
  for (auto* file : {&cards, &households, &persons}) out.files.push_back(file->finish());
  out.generation = city.generation;
  out.created = parse_rfc3339("2026-11-22T02:00:00+09:00").value();
  out.operator_name = "mihon-01";
  out.issuers = {sample::issuer_der()};
  return out;
}

}  // namespace certrelay
