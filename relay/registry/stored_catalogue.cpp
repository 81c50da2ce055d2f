#include "protocol/base/codec.hpp"
#include "relay/registry/stored_fields.hpp"
#include "relay/registry/stored_person.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kTextMax = 0xFFFF;

template <class Rows, class Write>
void write_rows(ByteWriter& out, const Rows& rows, Write write) {
  out.u16(static_cast<std::uint16_t>(rows.size()));
  for (const auto& row : rows) write(row);
}

template <class Read>
Result<void> read_rows(ByteReader& in, Read read) {
  CERTRELAY_TRY(const auto count, in.u16());
  for (std::size_t i = 0; i < count; ++i) {
    CERTRELAY_TRY(read());
  }
  return ok();
}

Result<std::string> text_of(ByteReader& in) {
  CERTRELAY_TRY(const auto bytes, in.short_bytes(kTextMax));
  return std::string(as_text(bytes));
}

template <class Id>
Result<Id> id_of(ByteReader& in) {
  CERTRELAY_TRY(const auto text, text_of(in));
  return Id::parse(text);
}

Result<void> read_kind(ByteReader& in, Catalogue& out) {
  CERTRELAY_TRY(const auto kind, in.u16());
  CERTRELAY_TRY(auto name, text_of(in));
  CERTRELAY_TRY(const auto inquiry, in.u8());
  CERTRELAY_TRY(const auto number, in.u8());
  out.kinds.push_back(
      {static_cast<CertificateKind>(kind), std::move(name), inquiry != 0, number != 0});
  return ok();
}

Result<void> read_purpose(ByteReader& in, Catalogue& out) {
  CERTRELAY_TRY(auto purpose, id_of<PurposeCode>(in));
  CERTRELAY_TRY(auto name, text_of(in));
  out.purposes.push_back({std::move(purpose), std::move(name)});
  return ok();
}

Result<void> read_entry(ByteReader& in, Catalogue& out) {
  CERTRELAY_TRY(auto entry, id_of<EntryCode>(in));
  CERTRELAY_TRY(auto name, text_of(in));
  CERTRELAY_TRY(const auto included, in.u8());
  CERTRELAY_TRY(const auto selectable, in.u8());
  out.entries.push_back({std::move(entry), std::move(name), included != 0, selectable != 0});
  return ok();
}

Result<void> read_fee(ByteReader& in, Catalogue& out) {
  CERTRELAY_TRY(const auto kind, in.u16());
  CERTRELAY_TRY(auto purpose, id_of<PurposeCode>(in));
  CERTRELAY_TRY(const auto price, in.u32());
  CERTRELAY_TRY(const auto unit, in.u8());
  CERTRELAY_TRY(const auto day, read_day(in));
  out.fees.push_back({static_cast<CertificateKind>(kind), std::move(purpose), price,
                      static_cast<FeeUnit>(unit), day});
  return ok();
}

}  // namespace

Bytes encode(const Catalogue& catalogue) {
  ByteWriter out;
  write_rows(out, catalogue.kinds, [&](const auto& row) {
    out.u16(static_cast<std::uint16_t>(row.kind));
    out.short_text(row.name);
    out.u8(row.inquiry ? 1 : 0);
    out.u8(row.individual_number ? 1 : 0);
  });
  write_rows(out, catalogue.purposes, [&](const auto& row) {
    out.short_text(row.purpose.text());
    out.short_text(row.name);
  });
  write_rows(out, catalogue.entries, [&](const auto& row) {
    out.short_text(row.entry.text());
    out.short_text(row.name);
    out.u8(row.included_by_default ? 1 : 0);
    out.u8(row.selectable ? 1 : 0);
  });
  write_rows(out, catalogue.fees, [&](const auto& row) {
    out.u16(static_cast<std::uint16_t>(row.kind));
    out.short_text(row.purpose.text());
    out.u32(row.unit_price_yen);
    out.u8(static_cast<std::uint8_t>(row.unit));
    write_day(out, row.effective_from);
  });
  return std::move(out).take();
}

Result<Catalogue> decode_catalogue(ByteView bytes) {
  ByteReader in(bytes);
  Catalogue out;
  CERTRELAY_TRY(read_rows(in, [&] { return read_kind(in, out); }));
  CERTRELAY_TRY(read_rows(in, [&] { return read_purpose(in, out); }));
  CERTRELAY_TRY(read_rows(in, [&] { return read_entry(in, out); }));
  CERTRELAY_TRY(read_rows(in, [&] { return read_fee(in, out); }));
  CERTRELAY_TRY(in.expect_end());
  return out;
}

}  // namespace certrelay
