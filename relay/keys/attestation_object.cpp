#include "relay/keys/attestation_object.hpp"

namespace certrelay {
namespace {

constexpr unsigned kDepthMax = 4;
constexpr std::size_t kFormatMax = 32;

// RFC 8949 §3.1
enum class Major : std::uint8_t {
  kUnsigned = 0,
  kNegative = 1,
  kBytes = 2,
  kText = 3,
  kArray = 4,
  kMap = 5,
  kTag = 6,
  kSimple = 7
};

Error cbor_fault() { return {ErrorCode::kMalformed, "attestation: CBOR"}; }

// Reads from the front of `rest_` alone; every length is checked against it.
class CborReader {
 public:
  explicit CborReader(ByteView bytes) : rest_(bytes) {}

  struct Head {
    Major major;
    std::uint64_t argument;
  };
  // Errors: kMalformed (also for an indefinite length).
  Result<Head> head() {
    CERTRELAY_TRY(const auto first, take(1));
    const unsigned short_form = first[0] & 0x1FU;
    Head out{static_cast<Major>(first[0] >> 5U), short_form};
    if (short_form < 24) return out;
    if (short_form > 27) return cbor_fault();
    CERTRELAY_TRY(const auto number, take(std::size_t{1} << (short_form - 24)));
    out.argument = 0;
    for (const auto byte : number) out.argument = out.argument << 8U | byte;
    return out;
  }
  Result<ByteView> string(Major major) {
    CERTRELAY_TRY(const auto its, head());
    if (its.major != major) return cbor_fault();
    return take(its.argument);
  }
  // One whole item, as it came.
  Result<ByteView> item() {
    const auto before = rest_;
    CERTRELAY_TRY(skip(kDepthMax));
    return before.first(before.size() - rest_.size());
  }
  bool is_empty() const { return rest_.empty(); }
  // So many bytes that are no CBOR.
  Result<ByteView> take(std::uint64_t size) {
    if (size > rest_.size()) return cbor_fault();
    const auto out = rest_.first(static_cast<std::size_t>(size));
    rest_ = rest_.subspan(static_cast<std::size_t>(size));
    return out;
  }

 private:
  Result<void> skip(unsigned depth) {
    if (depth == 0) return cbor_fault();
    CERTRELAY_TRY(const auto its, head());
    if (its.major == Major::kUnsigned || its.major == Major::kNegative) return ok();
    if (its.major == Major::kArray) return skip_items(its.argument, depth - 1);
    if (its.major == Major::kMap) {
      if (its.argument > rest_.size()) return cbor_fault();
      return skip_items(its.argument * 2, depth - 1);
    }
    // No tag, float or simple value belongs there.
    if (its.major != Major::kBytes && its.major != Major::kText) return cbor_fault();
    CERTRELAY_TRY(take(its.argument));
    return ok();
  }
  Result<void> skip_items(std::uint64_t count, unsigned depth) {
    if (count > rest_.size()) return cbor_fault();
    for (std::uint64_t i = 0; i < count; ++i) {
      CERTRELAY_TRY(skip(depth));
    }
    return ok();
  }

  ByteView rest_;
};

}  // namespace

Result<AttestationObject> parse_attestation_object(ByteView bytes) {
  CborReader in(bytes);
  CERTRELAY_TRY(const auto map, in.head());
  if (map.major != Major::kMap || map.argument != 3) return cbor_fault();
  AttestationObject out;
  unsigned seen = 0;
  for (int i = 0; i < 3; ++i) {
    CERTRELAY_TRY(const auto name, in.string(Major::kText));
    unsigned bit = 0;
    if (as_text(name) == "fmt") {
      bit = 1;
      CERTRELAY_TRY(const auto format, in.string(Major::kText));
      if (format.empty() || format.size() > kFormatMax) return cbor_fault();
      out.format = std::string(as_text(format));
    } else if (as_text(name) == "attStmt") {
      bit = 2;
      CERTRELAY_TRY(out.statement, in.item());
    } else if (as_text(name) == "authData") {
      bit = 4;
      CERTRELAY_TRY(out.auth_data, in.string(Major::kBytes));
    } else {
      return cbor_fault();
    }
    if ((seen & bit) != 0) return Error{ErrorCode::kDuplicateName, "attestation: member"};
    seen |= bit;
  }
  if (!in.is_empty()) return Error{ErrorCode::kTrailingBytes, "attestation"};
  return out;
}

Result<void> check_authenticator_data(ByteView bytes, bool with_key) {
  constexpr std::size_t kHead = 32;  // the relying party's hash
  constexpr std::size_t kCounter = 4;
  constexpr std::size_t kModel = 16;  // AAGUID
  constexpr unsigned kKeyFlag = 0x40;
  constexpr unsigned kExtensionsFlag = 0x80;
  CborReader in(bytes);
  CERTRELAY_TRY(in.take(kHead));
  CERTRELAY_TRY(const auto flags, in.take(1));
  CERTRELAY_TRY(in.take(kCounter));
  const bool has_key = (flags[0] & kKeyFlag) != 0;
  if (has_key != with_key) return cbor_fault();
  if (has_key) {
    CERTRELAY_TRY(in.take(kModel));
    CERTRELAY_TRY(const auto size, in.take(2));
    CERTRELAY_TRY(in.take(static_cast<std::size_t>(size[0]) << 8U | size[1]));
    CERTRELAY_TRY(in.item());
  }
  if ((flags[0] & kExtensionsFlag) != 0) {
    CERTRELAY_TRY(in.item());
  }
  if (!in.is_empty()) return Error{ErrorCode::kTrailingBytes, "authenticator data"};
  return ok();
}

}  // namespace certrelay
