// Strict DER (X.690 §10), as much of it as X.509 needs.
#pragma once

#include <optional>

#include "protocol/base/bytes.hpp"
#include "protocol/base/der_tag.hpp"
#include "protocol/base/time.hpp"

namespace certrelay {

struct DerValue {
  std::uint8_t tag = 0;
  ByteView content;
  ByteView whole;  // tag and length included
};

// Reads values one after the other from a view that must outlive it and all that it gave. Definite
// lengths in their shortest form only, tag numbers below 31. Every error has the code of the
// constructor, so that a certificate's and a list's faults stay apart.
class DerReader {
 public:
  DerReader(ByteView bytes, ErrorCode code) : rest_(bytes), code_(code) {}

  bool at_end() const { return rest_.empty(); }
  bool next_is(std::uint8_t tag) const { return !rest_.empty() && rest_[0] == tag; }
  ErrorCode code() const { return code_; }
  Error error(std::string_view where) const { return Error{code_, where}; }

  // False at the end and for anything ill-formed; the fast way for a million entries.
  bool read(DerValue& out);
  Result<DerValue> any();
  Result<DerValue> expect(std::uint8_t tag);
  // A reader over the content of the next value, which must have that tag.
  Result<DerReader> enter(std::uint8_t tag);
  // An OBJECT IDENTIFIER's content octets: whole arcs, each in its shortest form.
  Result<ByteView> expect_oid();
  Result<void> expect_null();  // of no octets
  Result<void> expect_end() const;

 private:
  ByteView rest_;
  ErrorCode code_;
};

// Contents of values. `code` is what a failure is called.
// An OBJECT IDENTIFIER: whole arcs, each in its shortest form.
Result<void> check_oid(ByteView content, ErrorCode code);
Result<bool> der_boolean(ByteView content, ErrorCode code);  // 00 or FF only
// Zero or positive, shortest form, at most 64 bits.
Result<std::uint64_t> der_unsigned(ByteView content, ErrorCode code);
// The octets without a leading zero; shortest form and greater than zero.
Result<ByteView> der_positive(ByteView content, ErrorCode code);
// A BIT STRING of named bits, at most sixteen of them and at least one octet: bit 0 is 0x80, bit 8
// is 0x8000. Unused bits are zero.
Result<unsigned> der_flags(ByteView content, ErrorCode code);
// An INTEGER's or ENUMERATED's content: at least one octet, the shortest form of either sign.
bool is_der_integer(ByteView content);
// A BIT STRING's content (X.690 §11.2.1): the bits that are not used are zero.
bool is_bit_string(ByteView content);
// A BIT STRING of whole octets.
Result<ByteView> der_whole_octets(ByteView content, ErrorCode code);
// UTCTime or GeneralizedTime in the forms of RFC 5280 §4.1.2.5: seconds, Z, no fraction.
Result<UtcTime> der_time(const DerValue& value, ErrorCode code);

// The digits and the Z of such a time alone, whether or not there is such a day: cheap enough for a
// million of them.
bool has_time_form(std::uint8_t tag, ByteView content);

inline bool same_bytes(ByteView a, ByteView b) { return as_text(a) == as_text(b); }

}  // namespace certrelay
