// The vault's pieces, each opened from the configuration with a mend for each way to fail.
#pragma once

#include <memory>

#include "firmware/daemon/config.hpp"
#include "firmware/daemon/vault.hpp"
#include "firmware/fetch/fetch_client.hpp"
#include "relay/env/pinned_file.hpp"
#include "relay/env/sqlite_vfs.hpp"
#include "relay/identity/current_cards.hpp"
#include "relay/issuance/document_sealer.hpp"
#include "relay/keys/answer_key.hpp"
#include "relay/keys/checkpoint_key.hpp"
#include "relay/keys/feeder_key.hpp"
#include "relay/ledger/ledger.hpp"
#include "relay/operators/operator_store.hpp"
#include "relay/registry/sealed_register.hpp"
#include "render/render.hpp"

namespace certrelay {

// Where the state lies; nothing else is in the folder.
struct StatePaths {
  explicit StatePaths(const std::string& folder)
      : lock(folder + "/lock"),
        ledger_folder(folder + "/ledger"),
        ledger(ledger_folder + "/ledger.db"),
        checkpoints(folder + "/checkpoints"),
        reg(folder + "/register"),
        spool(folder + "/spool"),
        operators(folder + "/operators.sealed"),
        erasure(folder + "/erasure") {}
  std::string lock;
  std::string ledger_folder;
  std::string ledger;
  std::string checkpoints;
  std::string reg;
  std::string spool;
  std::string operators;
  std::string erasure;
};

// Everything below throws StartFailure.

// A machine that was decommissioned, or is being, never serves again (R19).
void refuse_decommissioned(const Config& config, Files& files);

// The exclusive hold on the state: no second instance can serve the same site (INV-8). Makes the
// folder and its parts when there is nothing yet.
std::unique_ptr<File> take_state(const Config& config, Files& files);

AnswerKey open_answer_key(const Config& config, const std::string& key, const std::string& path);
FeederVerifier open_feeder_keys(const Config& config);
CheckpointKey open_checkpoint_key(const Config& config);
// Reads roots and lists as they lie there now.
CardConfig read_card_files(const Config& config);
std::unique_ptr<CardVerifier> open_card_trust(const Config& config, UtcTime now);
// Holds them against the highest lists of earlier runs, which the ledger names (R15). `statuses`:
// null where nobody is asked about a card.
std::unique_ptr<CurrentCards> take_card_trust(std::unique_ptr<CardVerifier> cards,
                                              const Ledger& ledger, const OcspStatuses* statuses);
// The marks of `cards` that no kCrlLoaded entry of the ledger has yet.
std::vector<CrlMark> unrecorded_marks(const CardHealth& cards, const Ledger& ledger);
Entry crl_loaded_entry(const CrlMark& mark);
// Whether all lists have ended by then: the clock, or nobody brought one for long.
bool past_every_list(const CardHealth& cards, UtcTime now);
// Null without [ocsp].
std::unique_ptr<OcspStatuses> open_statuses(const Config& config);
std::unique_ptr<FetchClient> open_fetch(const Config& config, const Vault::Seams& seams);

// The render kit and the copies that it views.
struct Fonts {
  std::vector<PinnedFile> caches;
  std::unique_ptr<RenderKit> kit;
  Digest identity{};  // of fonts, kinds and forms: equal ones print the same
};
Fonts open_fonts(const Config& config);
// The file with a font's glyphs: the configured one, or that of the font's name.
std::string glyph_cache_path(const FontSection& font);
// The kit, which keeps its copies of the caches.
std::shared_ptr<const RenderKit> kit_of(Fonts fonts);

// What is added to certificates; null without [documents]. Every form that is offered must have a
// place for the printed seal.
std::unique_ptr<DocumentSealer> open_documents(const Config& config, const RenderKit& kit,
                                               UtcTime now);

// Of the files that they come from; zero without [documents].
Digest digest_of_documents(const Config& config);

std::unique_ptr<Ledger> open_ledger(const Config& config, const Vault::Seams& seams,
                                    const SqliteVfs& vfs, const CheckpointKey& key);
// Where the key over the register's root lies. None: in the file that keys.outer_key names.
std::unique_ptr<OuterKey> open_outer_key(const Config& config, Files& files);
// `outer`: as open_outer_key gave it. `print_check` must outlive it.
std::unique_ptr<SealedRegister> open_register(const Config& config, const Vault::Seams& seams,
                                              OuterKey* outer, const PrintCheckPort& print_check);

// Null when no operators' listener is configured. `version` is the accounts' newest that the ledger
// names. A demonstration's first accounts come from operators.enrolments.
std::unique_ptr<OperatorStore> open_operators(const Config& config, const Vault::Seams& seams,
                                              std::uint64_t version);

}  // namespace certrelay
