#include "firmware/daemon/vault_open.hpp"

#include <unistd.h>

#include <charconv>

#include "firmware/daemon/demonstration_rule.hpp"
#include "firmware/daemon/read_file.hpp"
#include "firmware/daemon/started.hpp"
#include "protocol/base/check.hpp"
#include "relay/issuance/tokens.hpp"
#include "relay/keys/root_key.hpp"
#include "relay/keys/token_key.hpp"

namespace certrelay {
namespace {

// A private key's own mends: the pass phrase and the file are different mistakes.
template <class T>
T started_key(Result<T> key, const std::string& what) {
  if (key) return std::move(key).value();
  if (key.error().code == ErrorCode::kWrongPassphrase) {
    throw StartFailure(what + " does not open with the pass phrase",
                       "correct the file that keys.password_file names");
  }
  return started(std::move(key), what + " is not usable",
                 "put an encrypted PKCS#8 PEM of the right kind there");
}

// The accounts that a demonstration's applications ask for.
std::vector<Operator> enrolled(const Config& config, UtcTime now) {
  OperatorBook book;
  for (const auto& path : config.operators.enrolments) {
    const auto text = read_configured_text("operators.enrolments", path);
    const auto mend = "let the person make it again with certrelayctl operator apply";
    const auto application =
        started(decode_signed_application(as_bytes(text)), "operators.enrolments " + path, mend);
    auto account = started(account_from(config.municipality, application, now),
                           "operators.enrolments " + path, mend);
    started(book.add(std::move(account), config.operators.active_max, now),
            "operators.enrolments " + path, "one account a person, within operators.active_max");
  }
  return std::move(book.accounts);
}

// Numbers are at most 16 hexadecimal digits: a list with a longer one does not load.
std::vector<CrlHighMark> recorded_marks(const Ledger& ledger) {
  std::vector<CrlHighMark> out;
  for (const auto& crl : ledger.recorded_crls()) {
    const auto text = crl.number.text();
    CrlHighMark mark{crl.issuer, 0, crl.this_update};
    const auto [end, fault] =
        std::from_chars(text.data(), text.data() + text.size(), mark.crl_number, 16);
    CERTRELAY_CHECK(fault == std::errc() && end == text.data() + text.size());
    out.push_back(mark);
  }
  return out;
}

RegisterSettings register_settings(const Config& config) {
  return {.folder = StatePaths(config.state_dir).reg,
          .outer_key = config.keys.outer_key,
          .owner = ::geteuid(),
          .extract_age_max = config.reg.extract_age_max,
          .any_file_system = config.reg.any_file_system,
          .feed_silence_max = config.reg.feed_silence_max,
          .hold_individual_number = config.reg.hold_individual_number,
          .overlay = {}};
}

}  // namespace

AnswerKey open_answer_key(const Config& config, const std::string& key, const std::string& path) {
  return started_key(AnswerKey::from_pem(read_configured_text(key, path), config.keys.password),
                     key + " " + path);
}

FeederVerifier open_feeder_keys(const Config& config) {
  std::vector<std::string> pems;
  for (const auto& path : config.keys.feeder_public_keys) {
    pems.push_back(read_configured_text("keys.feeder_public_key", path));
  }
  return started(FeederVerifier::from_pems(pems), "keys.feeder_public_key",
                 "name one or two PEM files with the source system's Ed25519 public key");
}

CheckpointKey open_checkpoint_key(const Config& config) {
  const auto& path = config.keys.checkpoint_key;
  return started_key(CheckpointKey::from_pem(ledger_origin(config.municipality),
                                             read_configured_text("keys.checkpoint_key", path),
                                             config.keys.password),
                     "keys.checkpoint_key " + path);
}

CardConfig read_card_files(const Config& config) {
  return card_config_of(config.card, [](std::string_view key, const std::string& path) {
    return read_configured(std::string(key), path,
                           key == "card.crls" ? kCrlFileBytesMax : kPemFileBytesMax);
  });
}

std::unique_ptr<CardVerifier> open_card_trust(const Config& config, UtcTime now) {
  auto files = read_card_files(config);
  for (const auto& root : files.roots) refuse_demonstration(config, "card.roots", root);
  auto verifier = started(
      CardVerifier::load(std::move(files)), "card: roots, crls or policies",
      "put the current root of authentication certificates (never one of signing certificates, and "
      "of an algorithm that is configured) "
      "and its newest list there");
  if (now < verifier->health().newest_this_update) {
    throw StartFailure("card.crls: the newest list is from the future",
                       "set the machine's clock, then start again");
  }
  return verifier;
}

std::unique_ptr<CurrentCards> take_card_trust(std::unique_ptr<CardVerifier> cards,
                                              const Ledger& ledger, const OcspStatuses* statuses) {
  const auto recorded = recorded_marks(ledger);
  started(refuse_roll_back(cards->health(), recorded),
          "card.crls: a list is older than one that was used before, or is missing",
          "put the newest list of each root there");
  return std::make_unique<CurrentCards>(std::move(cards), recorded, statuses);
}

std::vector<CrlMark> unrecorded_marks(const CardHealth& cards, const Ledger& ledger) {
  return higher_marks(cards, recorded_marks(ledger));
}

Entry crl_loaded_entry(const CrlMark& mark) {
  Entry entry;
  entry.kind = EntryKind::kCrlLoaded;
  entry.crl_issuer = high_mark_of(mark).issuer;
  entry.crl_number = crl_number_text(mark.crl_number);
  entry.period_from = mark.this_update;
  entry.period_until = mark.next_update;
  return entry;
}

bool past_every_list(const CardHealth& cards, UtcTime now) {
  bool any = false;
  for (const auto& issuer : cards.issuers) {
    for (const auto& list : issuer.crls) {
      any = true;
      if (now < list.next_update) return false;
    }
  }
  return any;
}

std::unique_ptr<OcspStatuses> open_statuses(const Config& config) {
  if (!config.ocsp) return nullptr;
  return std::make_unique<OcspStatuses>(
      OcspStatuses::Settings{.refuse_unknown = config.ocsp->refuse_unknown});
}

std::unique_ptr<FetchClient> open_fetch(const Config& config, const Vault::Seams& seams) {
  if (!config.ocsp) return nullptr;
  auto connect = seams.connect_fetch;
  if (!connect) {
    connect = [path = config.ocsp->socket](SteadyTime) { return connect_fetch(path); };
  }
  return std::make_unique<FetchClient>(std::move(connect), seams.clock);
}

namespace {

DocumentKey open_document_key(const DocumentsSection& section, const std::string& chain,
                              const std::string& password) {
  if (const auto& token = section.token) {
    return started(DocumentKey::from_token(chain, {.module = token->module,
                                                   .token = token->token,
                                                   .pin = token->pin,
                                                   .label = section.label}),
                   "documents.token does not open, or its key is not the certificate's",
                   "check the module's path, the token's label, the PIN and the key's label");
  }
  const auto key = read_configured_text("documents.key", section.key);
  return started_key(DocumentKey::from_pem(chain, key, password), "documents.key " + section.key);
}

}  // namespace

std::unique_ptr<DocumentSealer> open_documents(const Config& config, const RenderKit& kit,
                                               UtcTime now) {
  if (!config.documents) return nullptr;
  const auto& section = *config.documents;
  const auto chain = read_configured_text("documents.certificate", section.certificate);
  auto verifier =
      started(DocumentVerifier::from_pem(chain), "documents.certificate " + section.certificate,
              "put the certificate of a P-256 key there, in PEM, and its issuers");
  auto key = open_document_key(section, chain, config.keys.password);
  if (!key.valid_at(now)) {
    throw StartFailure("documents.certificate " + section.certificate + " is not valid today",
                       "put its successor and that key there");
  }
  for (const auto& [kind, form] : kit.forms()) {
    if (section.printed_seal && !form.form.form().grid.places.code) {
      throw StartFailure("documents.printed_seal: a form has no place for it",
                         "give its two files a code (render/form/FORMAT.md), or switch it off");
    }
  }
  return std::make_unique<DocumentSealer>(
      DocumentSealer::Settings{.municipality = config.municipality,
                               .printed_seal = section.printed_seal,
                               .signature = section.signature},
      std::move(key), std::move(verifier));
}

std::unique_ptr<Ledger> open_ledger(const Config& config, const Vault::Seams& seams,
                                    const SqliteVfs& vfs, const CheckpointKey& key) {
  const StatePaths paths(config.state_dir);
  if (const auto there = seams.files.info(paths.ledger);
      !there && there.error().code == ErrorCode::kNotFound) {
    started(LedgerStore::create(vfs, seams.files, paths.ledger, key.origin()),
            "the ledger " + paths.ledger + " cannot be made", "check the free space there");
  }
  auto ledger =
      Ledger::open({vfs, seams.files, seams.clock, key, make_thread_driver(), make_thread_driver()},
                   {.path = paths.ledger, .checkpoint_folder = paths.checkpoints});
  return started(std::move(ledger), "the ledger " + paths.ledger + " is not whole",
                 "run certrelayctl ledger verify, which names the first bad entry");
}

std::unique_ptr<OuterKey> open_outer_key(const Config& config, Files& files) {
  if (const auto& token = config.keys.outer_token) {
    return started(
        TokenOuterKey::open({.module = token->module, .token = token->token, .pin = token->pin}),
        "keys.outer_token does not open", "check the module's path, the token's label and the PIN");
  }
  if (config.keys.outer_credential.empty()) return nullptr;
  const auto& path = config.keys.outer_credential;
  started(files.info(path), "keys.outer_credential " + path + " is not there",
          "name it in the unit's LoadCredentialEncrypted=, with 32 random bytes in it");
  return std::make_unique<StoredOuterKey>(files, path, std::nullopt);
}

std::unique_ptr<SealedRegister> open_register(const Config& config, const Vault::Seams& seams,
                                              OuterKey* outer, const PrintCheckPort& print_check) {
  const RegisterEnv env{&seams.files, &seams.entropy, &seams.clock, outer, &print_check};
  const auto settings = register_settings(config);
  const auto refuse_file_system = [](ErrorCode code) {
    if (code != ErrorCode::kOverwriteUnsafe) return;
    throw StartFailure(
        "site.state_dir lies on a file system that may keep what was overwritten",
        "put it on ext4 (not data=journal) or XFS, or use keys.outer_token: an erasure must be "
        "irrecoverable");
  };
  if (!SealedRegister::initialised(env, settings)) {
    auto made = SealedRegister::init(env, settings);
    if (!made) refuse_file_system(made.error().code);
    started(std::move(made), "the register cannot be prepared",
            "check keys.outer_key and the free space under site.state_dir");
  }
  auto opened = SealedRegister::open(env, settings);
  if (!opened) refuse_file_system(opened.error().code);
  if (!opened && opened.error().code == ErrorCode::kForbiddenItem) {
    throw StartFailure(
        "the register in force holds individual numbers, and register.hold_individual_number is "
        "not true",
        "set it, push an extract without them, and take it away again: their keys end with that");
  }
  return started(
      std::move(opened), "the register does not open",
      "check keys.outer_key and the rights of its files, or push the extract again into an "
      "empty state_dir");
}

namespace {

// The key over the operators' accounts: a file of their own, or the register's outer key where that
// can be read. A token's keys seal roots alone.
Key256 operators_key(const Config& config, Files& files) {
  const auto& own = config.operators.key;
  if (own.empty() && !config.keys.outer_credential.empty()) {
    return started(read_outer_key(files, config.keys.outer_credential),
                   "keys.outer_credential " + config.keys.outer_credential,
                   "put 32 random bytes into the credential");
  }
  const auto& path = own.empty() ? config.keys.outer_key : own;
  if (path.empty()) {
    throw StartFailure("operators.key is missing",
                       "with keys.outer_token the operators' accounts need a file of 32 bytes");
  }
  return started(load_outer_key(files, path, {.owner = ::geteuid(), .mode = 0600}),
                 "the operators' key " + path, "check its rights (0600) and its length");
}

}  // namespace

std::unique_ptr<OperatorStore> open_operators(const Config& config, const Vault::Seams& seams,
                                              std::uint64_t version) {
  if (!listens(config, Role::kAdmin)) return nullptr;
  const auto path = StatePaths(config.state_dir).operators;
  const OperatorStoreSettings settings{path, config.municipality};
  const auto outer = operators_key(config, seams.files);
  const auto there = seams.files.info(path);
  if (there || there.error().code != ErrorCode::kNotFound) {
    return started(OperatorStore::open(seams.files, seams.entropy, settings, outer, version),
                   "the operators' accounts " + path + " do not open",
                   "they were changed, or are an older copy; put the newest backup there");
  }
  if (version != 0) {
    throw StartFailure("the operators' accounts " + path + " are gone",
                       "the ledger names them; put the newest backup there");
  }
  if (!config.demo || config.operators.enrolments.empty()) {
    throw StartFailure("there are no operators' accounts in " + path,
                       "take listen.admin away, or for a demonstration name operators.enrolments");
  }
  return started(OperatorStore::create(seams.files, seams.entropy, settings, outer,
                                       enrolled(config, seams.clock.utc_now())),
                 path + " cannot be made", "check the free space there");
}

}  // namespace certrelay
