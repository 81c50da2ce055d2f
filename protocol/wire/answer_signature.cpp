#include "protocol/wire/answer_signature.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "protocol/ids/text_id.hpp"
#include "protocol/wire/content_digest.hpp"
#include "protocol/wire/issuance_message.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kSignatureLabel = "certrelay=";
constexpr std::string_view kAlgorithm = R"(;alg="ecdsa-p256-sha256";tag="certrelay-answer")";
constexpr std::int64_t kCreatedMax = std::int64_t{1} << 53;

Error differs(std::string_view where) { return {ErrorCode::kCoverageDiffers, where}; }

// The answer's headers that are covered, in their order.
std::vector<std::string_view> covered_headers(AnswerForm form) {
  if (form == AnswerForm::kEmpty) return {};
  std::vector<std::string_view> names{"content-digest", "content-type"};
  if (form == AnswerForm::kDocument) {
    const auto own = {kDocumentIdHeader, kRegisterVersionHeader, kSheetsHeader, kFeeYenHeader};
    names.insert(names.end(), own);
  }
  return names;
}

// The inner list with its parameters: after "certrelay=" and after "@signature-params": .
std::string inner_list(AnswerForm form, bool request_has_body,
                       const SignatureParameters& parameters) {
  std::string out = R"(("@status")";
  for (const auto name : covered_headers(form)) out.append(" \"").append(name).append("\"");
  out.append(R"( "@method";req "@path";req)");
  if (request_has_body) out.append(R"( "content-digest";req)");
  out.append(");created=").append(std::to_string(parameters.created_s));
  out.append(";keyid=\"").append(parameters.keyid).append("\"").append(kAlgorithm);
  return out;
}

bool is_known_form(const SignatureParameters& parameters) {
  return parameters.created_s >= 0 && parameters.created_s <= kCreatedMax &&
         is_key_id(parameters.keyid);
}

void add_line(std::string& base, std::string_view component, std::string_view value) {
  base.append("\"").append(component).append("\": ").append(value).append("\n");
}

}  // namespace

RequestParts RequestParts::of(const HttpRequest& request) {
  RequestParts parts{.method = request.method, .path = request.path, .body_digest = {}};
  if (!request.body.empty()) parts.body_digest = sha256(request.body);
  return parts;
}

AnswerForm answer_form(const RequestParts& request, int status) {
  constexpr int kOk = 200;
  constexpr int kNoContent = 204;
  constexpr int kNotModified = 304;
  if (status == kNoContent || status == kNotModified) return AnswerForm::kEmpty;
  const bool issuance = request.method == HttpMethod::kPost &&
                        request.path.starts_with("/v1/transactions/") &&
                        request.path.ends_with("/issuance");
  return issuance && status == kOk ? AnswerForm::kDocument : AnswerForm::kBody;
}

std::string key_id(ByteView spki_der) {
  constexpr std::size_t kSize = 16;
  const auto digest = sha256(spki_der);
  return to_base64url(ByteView(digest).first(kSize));
}

bool is_key_id(std::string_view text) {
  constexpr std::string_view kBase64Url =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return is_text_of(text, kBase64Url, kKeyIdSize, kKeyIdSize);
}

Result<std::string> signature_base(const HttpAnswer& answer, const RequestParts& request,
                                   const SignatureParameters& parameters) {
  if (!is_known_form(parameters)) return Error{ErrorCode::kMalformed, "signature: parameters"};
  if (!is_http_path(request.path)) return Error{ErrorCode::kMalformed, "signature: path"};
  const auto form = answer_form(request, answer.status);
  if (form == AnswerForm::kEmpty && !answer.body.empty()) return differs("signature: body");
  std::string base;
  add_line(base, "@status", std::to_string(answer.status));
  for (const auto name : covered_headers(form)) {
    const auto value = only_header(answer.headers, name);
    // A value with a line break could pretend to be the next line of the base.
    if (!value || !is_header_value(*value)) return differs("signature: covered header");
    add_line(base, name, *value);
  }
  base.append("\"@method\";req: ").append(to_text(request.method)).append("\n");
  base.append("\"@path\";req: ").append(request.path).append("\n");
  if (request.body_digest) {
    const auto digest = format_content_digest(*request.body_digest);
    base.append("\"content-digest\";req: ").append(digest).append("\n");
  }
  base.append("\"@signature-params\": ");
  return base.append(inner_list(form, request.body_digest.has_value(), parameters));
}

std::string format_signature_input(AnswerForm form, bool request_has_body,
                                   const SignatureParameters& parameters) {
  return std::string(kSignatureLabel).append(inner_list(form, request_has_body, parameters));
}

Result<SignatureParameters> parse_signature_input(std::string_view value, AnswerForm form,
                                                  bool request_has_body) {
  constexpr std::string_view kCreated = ");created=";
  constexpr std::string_view kKeyId = ";keyid=\"";
  const auto created_at = value.find(kCreated);
  const auto keyid_at = value.find(kKeyId);
  if (created_at == std::string_view::npos || keyid_at == std::string_view::npos ||
      keyid_at < created_at) {
    return differs("signature-input: parameters");
  }
  SignatureParameters parameters{};
  const auto* first = value.data() + created_at + kCreated.size();
  const auto* last = value.data() + keyid_at;
  const auto [end, error] = std::from_chars(first, last, parameters.created_s);
  if (error != std::errc{} || end != last) return differs("signature-input: created");
  parameters.keyid = value.substr(keyid_at + kKeyId.size(), kKeyIdSize);
  if (!is_known_form(parameters)) return differs("signature-input: parameters");
  // Written again it must be the same: so nothing but the demanded list in its order passes.
  if (format_signature_input(form, request_has_body, parameters) != value) {
    return differs("signature-input: components");
  }
  return parameters;
}

std::string format_signature(const RawSignature& signature) {
  return std::string(kSignatureLabel).append(":").append(to_base64(signature)).append(":");
}

Result<RawSignature> parse_signature(std::string_view value) {
  const Error malformed{ErrorCode::kMalformed, "signature"};
  const std::string prefix = std::string(kSignatureLabel).append(":");
  if (!value.starts_with(prefix) || !value.ends_with(':')) return malformed;
  const auto rest = value.substr(prefix.size());
  if (rest.empty()) return malformed;
  CERTRELAY_TRY(const auto bytes, from_base64(rest.substr(0, rest.size() - 1)));
  RawSignature signature{};
  if (bytes.size() != signature.size()) return malformed;
  std::ranges::copy(bytes, signature.begin());
  return signature;
}

}  // namespace certrelay
