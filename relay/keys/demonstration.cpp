#include "relay/keys/demonstration.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <string_view>

#include "relay/keys/openssl_ptr.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kComment = "certrelay demonstration (mihon): never for real residents";
static_assert(kComment.size() < 128);  // one octet says the length
constexpr std::string_view kSpecimen = "見本";
constexpr std::uint8_t kIa5String = 0x16;

using CommentPtr = OpensslPtr<ASN1_IA5STRING, ASN1_IA5STRING_free>;

// Whatever type of string the name was written in.
bool says_specimen(const X509_NAME* name) {
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    const auto* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, value);
    if (size < 0) continue;
    const std::string_view words(reinterpret_cast<const char*>(text),
                                 static_cast<std::size_t>(size));
    const bool found = words.find(kSpecimen) != std::string_view::npos;
    OPENSSL_free(text);
    if (found) return true;
  }
  return false;
}

bool has_comment(const X509* certificate) {
  const CommentPtr comment(static_cast<ASN1_IA5STRING*>(
      X509_get_ext_d2i(certificate, NID_netscape_comment, nullptr, nullptr)));
  if (comment == nullptr) return false;
  const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(comment.get()));
  return std::string_view(text, static_cast<std::size_t>(ASN1_STRING_length(comment.get()))) ==
         kComment;
}

}  // namespace

Bytes demonstration_comment() {
  Bytes out{kIa5String, static_cast<std::uint8_t>(kComment.size())};
  out.insert(out.end(), kComment.begin(), kComment.end());
  return out;
}

bool is_demonstration(ByteView certificate) {
  const unsigned char* at = certificate.data();
  const X509Ptr read(d2i_X509(nullptr, &at, static_cast<long>(certificate.size())));
  ERR_clear_error();
  if (read == nullptr) return true;
  const bool found = has_comment(read.get()) || says_specimen(X509_get_subject_name(read.get())) ||
                     says_specimen(X509_get_issuer_name(read.get()));
  ERR_clear_error();
  return found;
}

}  // namespace certrelay
