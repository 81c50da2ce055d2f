// FORMAT.md's example is what this code writes and reads; the export beside it verifies.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "protocol/record/export.hpp"
#include "protocol/record/proof.hpp"

namespace certrelay {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kFormatOrigin = "ledger.example/393274";
constexpr UtcTime kBoot{milliseconds{1'795'316'400'000}};

std::string file(const std::string& path) {
  std::ifstream in(std::string(CERTRELAY_SOURCE_DIR) + "/" + path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<Entry> example() {
  std::vector<Entry> out(3);
  for (std::size_t i = 0; i < out.size(); ++i) out[i].sequence = LedgerSequence(i + 1);
  out[0].kind = EntryKind::kBoot;
  out[0].utc = kBoot;
  out[0].flags = kEntryClockDoubted;
  out[0].build = BuildId::parse("certrelay/0.1.0").value();
  auto& intent = out[1];
  intent.kind = EntryKind::kProvisionIntent;
  intent.utc = kBoot + milliseconds{1500};
  intent.peer = PeerName::parse("center.example").value();
  intent.kiosk = KioskId::parse("KIOSK-1").value();
  intent.transaction = TransactionId::parse("01890a5d-ac96-774b-bcce-b302099a8057").value();
  intent.certificate_kind = CertificateKind::kJuminhyo;
  intent.register_version = RegisterVersion{.generation = 3, .sequence = 9};
  intent.document = DocumentId::parse("20261122-00000001-ABCD").value();
  intent.document_sha256 = sha256("the finished bytes");
  intent.sheets = 1;
  intent.copies = 1;
  intent.fee_yen = 300;
  const auto subject = from_hex("00112233445566778899aabbccddeeff").value();
  std::ranges::copy(subject, intent.subjects.emplace_back().begin());
  out[2].kind = EntryKind::kEvent;
  out[2].utc = kBoot + milliseconds{60'000};
  out[2].transaction = intent.transaction;
  out[2].event_id = EventId::parse("01890a5d-ac96-774b-bcce-b302099a8058").value();
  out[2].event = RecordedEvent::kPrinted;
  return out;
}

TEST(RecordFormatTest, TheDocumentsExampleIsWhatThisCodeWrites) {
  auto document = file("protocol/record/FORMAT.md");
  const auto golden = file("tests/golden/ledger/example.jsonl");
  std::erase(document, '\n');  // long values are wrapped
  const auto documented = [&](ByteView bytes) {
    return document.find(to_hex(bytes)) != std::string::npos;
  };
  auto state = empty_chain(kFormatOrigin);
  EXPECT_TRUE(documented(state.chain));
  for (const auto& entry : example()) {
    const auto bytes = encode(entry).value();
    extend_chain(state, bytes);
    EXPECT_TRUE(documented(bytes)) << to_hex(bytes);
    EXPECT_TRUE(documented(leaf_hash(bytes)));
    EXPECT_TRUE(documented(state.chain));
    const auto line = encode_export_line(ExportEntry{.entry = bytes, .chain = state.chain});
    EXPECT_NE(golden.find(line + "\n"), std::string::npos) << line;
  }
  EXPECT_TRUE(documented(state.tree.root()));
}

TEST(RecordFormatTest, TheExamplesExportVerifies) {
  std::istringstream lines(file("tests/golden/ledger/example.jsonl"));
  ExportVerifier verifier;
  for (std::string line; std::getline(lines, line);) {
    ASSERT_TRUE(verifier.take(line).has_value()) << line;
    EXPECT_EQ(encode_export_line(parse_export_line(line).value()), line);
  }
  EXPECT_TRUE(verifier.expect_end().has_value());
  const auto key = NoteVerifier::parse(file("tests/golden/ledger/example.vkey")).value();
  const auto note = parse_note(verifier.checkpoint().value()).value();
  EXPECT_TRUE(signature_of(note, key).has_value());
}

TEST(RecordFormatTest, APrunedLedgersExportVerifies) {  // R41
  std::istringstream lines(file("tests/golden/ledger/pruned.jsonl"));
  ExportVerifier verifier;
  for (std::string line; std::getline(lines, line);) {
    ASSERT_TRUE(verifier.take(line).has_value()) << line;
    EXPECT_EQ(encode_export_line(parse_export_line(line).value()), line);
  }
  EXPECT_TRUE(verifier.expect_end().has_value());
  EXPECT_TRUE(verifier.pruning().has_value());
}

// The files beside the export are what the document shows (long lines are wrapped there), and what
// this code makes of the example's entries.
TEST(RecordFormatTest, TheExamplesProofsVerifyAndAreThisCodes) {
  auto document = file("protocol/record/FORMAT.md");
  std::erase(document, '\n');
  const auto documented = [&](std::string text) {
    std::erase(text, '\n');
    return document.find(text) != std::string::npos;
  };
  const auto checkpoint_in = [](const std::string& note) {
    return parse_checkpoint(parse_note(note).value().text).value();
  };
  const auto entry_text = file("tests/golden/ledger/example-entry-2.tlog-proof");
  const auto growth_text = file("tests/golden/ledger/example-2-to-3.proof");
  const auto older_note = file("tests/golden/ledger/example-2.checkpoint");
  EXPECT_TRUE(documented(entry_text.substr(0, entry_text.find("\n\n"))));
  EXPECT_TRUE(documented(growth_text.substr(0, growth_text.find("\n\n"))));
  EXPECT_TRUE(documented(older_note));
  const auto entry_proof = parse_entry_proof(entry_text).value();
  EXPECT_EQ(verify(entry_proof).value(), example()[1]);
  const auto growth = parse_growth_proof(growth_text).value();
  EXPECT_TRUE(verify(growth, checkpoint_in(older_note)).has_value());

  std::vector<Digest> leaves;
  for (const auto& entry : example()) leaves.push_back(leaf_hash(encode(entry).value()));
  const auto hashes_of = [&](std::vector<LeafRange> ranges) {
    auto builder = ProofBuilder::begin(std::move(ranges), {}).value();
    for (const auto& leaf : leaves) builder.take(leaf);
    return builder.hashes();
  };
  EXPECT_EQ(encode_entry_proof({encode(example()[1]).value(), 1, hashes_of(inclusion_ranges(1, 3)),
                                entry_proof.checkpoint}),
            entry_text);
  EXPECT_EQ(encode_growth_proof({2, hashes_of(consistency_ranges(2, 3)), entry_proof.checkpoint}),
            growth_text);
}

}  // namespace
}  // namespace certrelay
