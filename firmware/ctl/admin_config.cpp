#include "firmware/ctl/admin_config.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "protocol/base/json.hpp"

namespace certrelay {
namespace {

constexpr std::size_t kFileBytesMax = std::size_t{64} * 1024;

std::string at(const std::string& folder, std::string_view path) {
  return path.starts_with('/') ? std::string(path) : folder + "/" + std::string(path);
}

// The terminal without echo, for as long as it lives.
class QuietTerminal {
 public:
  QuietTerminal() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    auto quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~QuietTerminal() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  bool ready() const { return changed_; }

 private:
  termios before_{};
  bool changed_ = false;
};

}  // namespace

Result<AdminConfig> load_admin_config(Files& files, const std::string& path) {
  CERTRELAY_TRY(const Bytes bytes, files.read_all(path, kFileBytesMax));
  CERTRELAY_TRY(const auto json, parse_strict_json(as_text(bytes)));
  CERTRELAY_TRY(auto object, JsonObject::from(json));
  const std::string folder = folder_of(path);
  CERTRELAY_TRY(const auto code, object.string("municipality"));
  CERTRELAY_TRY(auto municipality, MunicipalityCode::parse(code));
  AdminConfig out{std::move(municipality), {}, {}};
  if (object.has("address")) {
    CERTRELAY_TRY(const auto address, object.string("address"));
    out.listener.address = address;
  } else {
    CERTRELAY_TRY(const auto file, object.string("address_file"));
    out.listener.address_file = at(folder, file);
  }
  CERTRELAY_TRY(const auto server_name, object.string("server_name"));
  out.listener.server_name = server_name;
  CERTRELAY_TRY(const auto server_ca, object.string("server_ca"));
  out.listener.server_ca = at(folder, server_ca);
  CERTRELAY_TRY(const auto* keys, object.array("answer_keys"));
  for (const auto& key : *keys) {
    if (!key.is_string()) return Error{ErrorCode::kWrongType, "answer_keys"};
    out.listener.answer_keys.push_back(at(folder, std::string_view(key.get_string())));
  }
  CERTRELAY_TRY(const auto identities, object.string("identities"));
  out.identities = at(folder, identities);
  CERTRELAY_TRY(object.expect_no_more());
  return out;
}

Result<ApprovalKey> load_approval_key(Files& files, const std::string& path,
                                      const std::string& pass_phrase) {
  CERTRELAY_TRY(const auto bytes, files.read_all(path, kFileBytesMax));
  if (!path.ends_with(".json")) return ApprovalKey::from_pem(as_text(bytes), pass_phrase);
  CERTRELAY_TRY(const auto json, parse_strict_json(as_text(bytes)));
  CERTRELAY_TRY(auto object, JsonObject::from(json));
  TokenSettings token;
  CERTRELAY_TRY(token.module, object.string("module"));
  CERTRELAY_TRY(token.token, object.string("token"));
  CERTRELAY_TRY(token.label, object.string("label"));
  std::string pin_file;
  if (object.has("pin_file")) {
    CERTRELAY_TRY(const auto file, object.string("pin_file"));
    pin_file = at(folder_of(path), file);
  }
  CERTRELAY_TRY(object.expect_no_more());
  CERTRELAY_TRY(token.pin, read_pass_phrase(files, pin_file, token.token + " の暗証番号: "));
  auto key = ApprovalKey::from_token(token);
  wipe(std::span(reinterpret_cast<std::uint8_t*>(token.pin.data()), token.pin.size()));
  return key;
}

Result<Identity> load_identity(Files& files, const AdminConfig& config, const std::string& name,
                               const std::string& pass_phrase) {
  CERTRELAY_TRY(auto person, OperatorName::parse(name));
  const auto base = config.identities + "/" + name;
  auto listener = config.listener;
  listener.certificate = base + ".pem";
  listener.key = base + ".key";
  listener.pass_phrase = pass_phrase;
  CERTRELAY_TRY(auto peer, load_peer(files, listener));
  const auto token = base + ".approval.json";
  CERTRELAY_TRY(
      auto key,
      load_approval_key(files, files.info(token) ? token : base + ".approval.pem", pass_phrase));
  return Identity{std::move(person), std::move(peer), std::move(key)};
}

Result<std::string> read_pass_phrase(Files& files, const std::string& file,
                                     const std::string& prompt) {
  if (!file.empty()) {
    CERTRELAY_TRY(Bytes bytes, files.read_all(file, 1024));
    const auto text = as_text(bytes);
    std::string line(text.substr(0, text.find('\n')));
    wipe(bytes);
    return line;
  }
  const QuietTerminal quiet;
  if (!quiet.ready()) return Error{ErrorCode::kIoError, "no terminal: name --pass-phrase-file"};
  std::cerr << prompt << std::flush;
  std::string line;
  std::getline(std::cin, line);
  std::cerr << '\n';
  return line;
}

}  // namespace certrelay
