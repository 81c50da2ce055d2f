#pragma once

#include <cstdint>
#include <string_view>

namespace certrelay {

// Why a request was refused or an operation failed: the inner vocabulary, exact and never shown
// outside. The numbers are written to the ledger (R42): append only, never renumber, never reuse.
// What a resident or the center sees is the outer vocabulary, protocol/wire/problem.hpp; one
// table (relay/issuance/outer_problem.cpp) maps the first to the second.
//
// Each room owns a block of a hundred and appends to it.
enum class ErrorCode : std::uint16_t {
  kNone = 0,  // in the ledger: nothing was refused

  // 1-99: protocol/base, any decoder
  kMalformed = 1,       // bytes or text do not have the documented form
  kLimitExceeded = 2,   // longer, deeper or more than the documented limit
  kTrailingBytes = 3,   // a complete value is followed by more
  kInvalidUtf8 = 4,     // ill-formed UTF-8, or NUL
  kDuplicateName = 5,   // a JSON object names a member twice
  kUnknownMember = 6,   // a JSON object names a member that the schema does not have
  kMissingMember = 7,   // a required member is absent
  kWrongType = 8,       // a member has another type than the schema's
  kDigestMismatch = 9,  // a stated digest differs from the computed one
  kBadSignature = 10,   // a signature does not verify
  kInternal = 99,       // a library failed where only a bug or exhausted memory can make it fail

  // 100-199: relay/identity (the card); relay/identity/REASONS.md
  kCertificateMalformed = 100,           // not a DER certificate of the form we read
  kCertificateVersion = 101,             // not X.509 v3
  kCertificateSerial = 102,              // zero, negative, or over 20 octets
  kCertificateExtensionTwice = 103,      // the same extension twice
  kCertificateExtensionUnknown = 104,    // critical, and we do not know it
  kCertificateExtensionMalformed = 105,  // an extension's value, or its criticality
  kCertificateAlgorithm = 106,           // signed with an algorithm that is not accepted
  kCertificateAlgorithmsDiffer = 107,    // inside and outside the signed part
  kCertificateSignature = 108,           // the issuer's signature does not verify
  kCertificateNotYetValid = 109,
  kCertificateExpired = 110,
  kPublicKeyUnsupported = 111,        // algorithm or curve
  kPublicKeyOutOfBounds = 112,        // modulus, exponent or point
  kIssuerUnknown = 113,               // no path to a pinned root
  kIssuerNotYetValid = 114,           // a root or intermediate
  kIssuerExpired = 115,               // a root or intermediate
  kIssuerNotAuthority = 116,          // CA false, or no basic constraints
  kIssuerKeyUsage = 117,              // without keyCertSign
  kPathTooLong = 118,                 // a path length constraint, or our own bound
  kCardIsAuthority = 119,             // CA true where a person's certificate belongs
  kCardKeyUsage = 120,                // not exactly critical digitalSignature
  kCardExtendedKeyUsage = 121,        // without clientAuth
  kCardPolicyMissing = 122,           // none, or not critical
  kCardPolicyNotAccepted = 123,       // none of the configured set
  kPolicyRequired = 124,              // explicit policy, and no acceptable one is left
  kPolicyMappingUnsupported = 125,    // refused, never ignored
  kNameConstraintsUnsupported = 126,  // refused, never ignored
  kCardRevoked = 127,
  kCardOnHold = 128,         // certificateHold: comes back with the removal
  kCardStatusUnknown = 129,  // no list of the issuer is loaded
  kCrlMalformed = 130,
  kCrlSignature = 131,  // no key of the issuer verifies it
  kCrlAlgorithm = 132,
  kCrlNumberMissing = 133,     // or over 64 bits
  kCrlExtensionUnknown = 134,  // critical, and we do not know it
  kCrlDelta = 135,
  kCrlIndirect = 136,
  kCrlScope = 137,               // covers a part of the issuer's certificates only
  kCrlExpired = 138,             // past nextUpdate, or none is stated
  kCrlNotYetValid = 139,         // thisUpdate lies ahead
  kCrlTooOld = 140,              // older than the policy's maximum age
  kCrlRollBack = 141,            // lower than the highest one seen
  kCrlIssuerKeyUsage = 142,      // without cRLSign
  kCardAlgorithmMismatch = 143,  // the stated algorithm is not the key's
  kCardSignature = 144,          // the signature over the payload
  kOcspUnsupported = 145,        // OCSP answers were given
  kTrustAnchorInvalid = 146,     // a configured root is not usable
  kCardIsTrustAnchor = 147,      // a root presented as a card
  kIssuerRevoked = 148,          // an intermediate
  kKeyIdentifierMissing = 149,   // one side has a key identifier and the other has none
  kCertificateUniqueId = 150,    // unique identifiers of X.509 v2, in the card's profile
  kKeyUsageContradicts = 151,    // keyCertSign of who is no authority
  kCrlSerialTwice = 152,         // a list that names a serial twice
  kCardSignedChallenge = 153,    // the challenge alone was signed, not the payload around it
  kIssuerOfOtherPurpose = 154,   // issued by the authority of signing certificates
  kIssuerKeyDiffers = 155,       // of that name, but the key identifier names another key
  kIssuerWithoutRoot = 156,      // an intermediate signed it that leads to no pinned root
  kCrlIssuerUnknown = 157,       // a list of an issuer that is not pinned
  kCardOfOtherPurpose = 158,     // it states a policy of signing certificates
  kCardGeneration = 159,         // the policy of one generation, the algorithm of another
  // 160-179: OCSP answers
  kOcspMalformed = 160,
  kOcspNotSuccessful = 161,  // the responder answers with an error
  kOcspAlgorithm = 162,
  kOcspSignature = 163,
  kOcspResponder = 164,  // neither the issuer nor whom it authorised
  kOcspNonce = 165,      // absent, or another than the request's
  kOcspNotYetValid = 166,
  kOcspExpired = 167,
  kOcspTooOld = 168,
  kOcspOtherCertificate = 169,  // the answer does not speak of the certificate asked for
  kOcspStatusUnknown = 170,     // the responder does not know the certificate
  kOcspExtensionUnknown = 171,  // critical, and we do not know it
  kOcspNoAnswer = 172,          // none was fetched in time, or none is kept that is fresh
  // 180-189: a card or token at the kiosk's reader
  kTokenUnavailable = 180,  // module, slot or token cannot be used
  kTokenPin = 181,          // the PIN is wrong, expired or blocked
  kTokenObjects = 182,      // not exactly one fitting certificate and its key
  // 190-199: the card, again
  kSignedOtherTransaction = 190,  // the signature is over another transaction's payload
  kSignedOtherKiosk = 191,        // over a payload for another kiosk
  kSignedOtherPeer = 192,         // over a payload for another peer
  kCertificateCrlIssuer = 193,    // in the card's profile: it sends to another issuer's list
  kCardSignatureForm = 194,       // not the form of a signature of that algorithm
  // 200-299: protocol/extract, relay/registry (the register)
  kManifestMalformed = 200,    // manifest.json is not of the documented form
  kForeignExtract = 201,       // it names another municipality
  kSchemaVersion = 202,        // it has another schema version than this program's
  kOldGeneration = 203,        // it is not newer than the register in force
  kForbiddenItem = 204,        // 住民票コード, 宛名番号, 個人番号: refused by name (R08, R27)
  kUnknownItem = 205,          // a column, file or value code that the schema does not have (R22)
  kExtractInvalid = 206,       // another rule of the extract is broken; its report says which
  kExtractIncomplete = 207,    // the stream is shorter or longer than the manifest says
  kChangeMalformed = 210,      // a change whose envelope cannot be read: nobody knows whom it names
  kChangeGap = 211,            // the number is not the next one: changes before it are missing
  kChangeConflict = 212,       // the number was acknowledged for another body
  kChangeQuarantined = 213,    // a change that could not be applied: its households are closed
  kChangeKeyUnknown = 214,     // sealed to no change key that is held, or does not open
  kOverlayFull = 215,          // as many changes as a generation may have
  kOverlayFailed = 216,        // a write of the overlay failed: refused until it was read back
  kChangesNotContained = 217,  // changes in force are missing in the extract to be activated
  kHeartbeatBehind = 218,      // a heartbeat names a lower number than was acknowledged
  kPromiseInvalid = 219,       // complete_until lies in the past or more than 8 days ahead
  kNotHeld = 220,              // release: no hold on that person
  kChangeInProgress = 221,     // the same change is being acknowledged
  kErasureBusy = 230,          // an import runs or an older register is still read: ask again
  kPersonInUse = 231,          // an open transaction holds the person: erased when it has ended
  kPersonOnRegister = 232,     // not a 消除者: nobody on the register is erased (R51)
  kErasureUnfinished = 233,    // an earlier erasure must be finished first
  kNoErasureOrder = 234,       // no standing order is in force
  kRegisterNotReady = 240,     // no register, or none that may still be used
  kUnknownCard = 241,          // no link for this certificate
  kUnknownPerson = 242,        // not on the register, or erased
  kRegisterChanged = 243,      // a change of the household came meanwhile (INV-6)
  kUnknownExtract = 244,       // no push of that id
  kExtractState = 245,         // the call does not belong to the push's state
  kWrongOffset = 246,          // the upload continues elsewhere
  kImportKeyGone = 247,        // activated, a day has passed, or the vault was started again
  kWrongGeneration = 248,      // sealed under another generation, slot or root than named
  kStatementStale = 249,       // sent_at does not rise, or is off our clock by over 60 s
  kRegisterBusy = 250,         // as many pushes as there may be are being received or built
  kDecommissioned = 260,       // the residents' data and keys were destroyed here (R19)
  kTakeOverMissing = 261,      // the ledger stays: no verified copy of it was shown
  kNotYetSanitised = 262,      // the residents' part comes before the ledger's
  kDeletionsAboveShare = 280,  // guard rail: more persons or cards are deleted than configured
  kExtractShrank = 281,        // guard rail: a file is far smaller than that of the base
  kOlderGeneration = 282,      // guard rail: older than the register in force
  kSameApprover = 283,         // the second person is the first
  kApprovalDenied = 284,       // two persons said no
  kExtractDiscarded = 285,     // the sender took its push back
  kCardOfAnother = 286,        // the card is another person's in the register in force
  kNotPending = 287,           // no decision is waited for
  kBaseChanged = 288,          // built to follow another generation than the one in force
  kSerialOfAnotherIssuer = 289,  // no link for this certificate, one for its serial elsewhere
  // 300-399: relay/issuance (transactions)
  kUnknownTransaction = 300,    // neither live nor in the ledger
  kForeignTransaction = 301,    // another peer's
  kStepInProgress = 302,        // the same step is being worked on
  kStepConflict = 303,          // another body for a step that was taken, or a step out of order
  kAnswerGone = 304,            // answered, and the bytes are wiped
  kStepExpired = 305,           // the challenge's or the selection's deadline has passed
  kAnswerTooLate = 306,         // the answer was not ready within its deadline
  kTransactionsFull = 307,      // more live transactions or requests than configured
  kOutsideHours = 308,          // the service day is over, or a closure
  kKindNotOffered = 309,        // the kind is not configured or not in the register's catalogue
  kIssuingStopped = 310,        // an alarm is latched
  kWrongMunicipality = 311,     // another municipality's code
  kNoSuchCall = 312,            // no verb has that method and path
  kClockDoubted = 313,          // UTC is not trusted
  kKnownTransaction = 314,      // open: the id was used before
  kChallengeUsed = 315,         // inquiry: a second try with a challenge that was consumed
  kUnderFifteen = 330,          // the applicant is under 15 on that day in Japan
  kLinkNotYetValid = 331,       // the card's link begins on a later day
  kApplicantGateClosed = 332,   // 支援措置, 転出, 死亡 ... as the register says
  kHouseholdGateClosed = 333,   // a gate of the whole household
  kTooManyMembers = 334,        // over 20 persons
  kAllMembersClosed = 335,      // nobody could be printed
  kUnknownHandle = 350,         // selection: no member of this inquiry
  kClosedHandle = 351,          // selection: a member whose gate is closed
  kWrongEntries = 352,          // selection: not each listed entry exactly once
  kWrongPurpose = 353,          // selection: no such purpose for that kind
  kInquiryDigestDiffers = 354,  // selection: made on another inquiry answer
  kNotSelectable = 355,         // selection: an item that may not be chosen at a kiosk
  kHouseholdChanged = 356,      // the household is not what the inquiry listed
  kEventNotAllowed = 360,       // that event may not follow that state
  kEventConflict = 361,         // the event id was used for another report
  kEventTooLate = 362,          // past the 35 days
  kDocumentNotAsked = 370,      // INV-3: what was printed is not what was asked for
  kSelfTestFailed = 380,        // INV-12: the start-up's documents were not each their own person's
  kVerbNotInState = 381,        // a verb that its process state does not allow
  // 400-499: protocol/record, relay/env, relay/ledger (storage and the ledger)
  kNotFound = 400,            // no such file
  kAlreadyExists = 401,       // a file of that name is there already
  kIoError = 402,             // the file system failed a call
  kDiskFull = 403,            // no space, quota or size limit
  kLocked = 404,              // another process holds the lock
  kWrongOwner = 405,          // a file's owner or mode is not the demanded one
  kStoreCorrupt = 406,        // SQLite or a file's frame says that stored bytes are damaged
  kStoreVersion = 407,        // the store has another schema version than this program's
  kStoreFailed = 408,         // SQLite refused a statement
  kNetworkFileSystem = 409,   // the state directory lies on a file system that others may mount
  kLedgerFull = 420,          // the writer's queue is at its limit; nothing was written
  kLedgerNotWritable = 421,   // an earlier commit failed; refused until reopened
  kLedgerClosed = 422,        // the ledger is shutting down
  kChainBroken = 423,         // an entry does not continue the chain
  kSequenceGap = 424,         // an entry's number is not the next one
  kTreeMismatch = 425,        // the stored tree differs from the entries'
  kCheckpointMismatch = 426,  // a signed checkpoint contradicts the entries
  kUnknownKey = 427,          // a checkpoint carries no signature by the expected key
  kLedgerRolledBack = 428,    // the entries end before a checkpoint that was handed out
  kEntryPruned = 429,         // it left with its block after its five years
  kRetentionNotOver = 430,    // younger than its retention: not pruned
  kStatementInvalid = 431,    // a pruning or take-over statement does not fit the entries
  kPeriodInvalid = 432,       // of an export, query or report: reversed, open or ahead
  kReportUnknown = 433,       // no such report, or it is not signed off by that role
  kLedgerReserve = 434,       // only the disk's reserve is left: nothing new is begun
  // 500-599: render (the page)
  kGlyphMissing = 500,        // no pinned font has this character or (base, selector) pair
  kTextTooLong = 501,         // 文字数超過: does not fit its cell at the smallest size
  kDateNotPrintable = 502,    // no era covers the date, or its known parts leave the era open
  kTemplateInvalid = 503,     // a form template is not of its schema
  kFontCacheInvalid = 504,    // the glyph cache is damaged or of another font than the pinned one
  kFontUnsupported = 505,     // a font file that no glyph cache can be built from
  kModelInvalid = 506,        // a certificate model breaks its own rules (persons, tags, remarks)
  kPdfUnreadable = 507,       // readback: the finished bytes are not the closed form it accepts
  kReadbackMismatch = 508,    // readback: what the page says is not what the register says
  kDocumentSealFailed = 509,  // the document's signature or its code could not be made
  kDocumentAltered = 510,     // a presented document is not the bytes that were signed
  kDocumentUnsigned = 511,    // a presented document carries no signature of ours
  // 600-699: protocol/wire, relay/front, relay/ports (messages and listeners)
  kUnknownFrame = 600,        // a front's or the vault's frame of a kind that does not exist there
  kDigestMissing = 601,       // a request or answer with a body carries no Content-Digest
  kSignatureMissing = 602,    // an answer carries no signature
  kCoverageDiffers = 603,     // a signature covers other parts than its call demands, or says so
  kDuplicateValue = 604,      // a list names the same handle or code twice
  kStatementMissing = 605,    // a registry call carries no signed statement
  kGateHeadTooLarge = 640,    // the head has no end within its limit
  kGateHeadIncomplete = 641,  // not exactly one head, ended by one empty line
  kGateByte = 642,            // NUL or another byte that is not visible ASCII or a space
  kGateLineBreak = 643,       // CR or LF alone
  kGateRequestLine = 644,     // not: method, one space, target, one space, version
  kGateMethod = 645,          // a method that our interfaces lack
  kGateTarget = 646,          // not a plain path: absolute form, *, query, %, dot segment
  kGateVersion = 647,         // not HTTP/1.1
  kGateFoldedHeader = 648,    // a line that begins with white space
  kGateHeaderName = 649,      // no colon, white space before it, or other than A-Z a-z 0-9 -
  kGateHeaderValue = 650,     // padded by more than one space, or too long
  kGateHeaderTwice = 651,     // a header of the closed lists comes twice
  kGateHostMissing = 652,
  kGateHostTwice = 653,
  kGateHostForm = 654,
  kGateTransferEncoding = 655,
  kGateLengthMissing = 656,  // no Content-Length where a body belongs
  kGateLengthTwice = 657,
  kGateLengthForm = 658,        // padded, signed, leading zero, or a list
  kGateLengthUnexpected = 659,  // a Content-Length where no body belongs
  kGateConnection = 660,        // Connection is neither keep-alive nor close
  kGateExpect = 661,
  kGateUpgrade = 662,
  kGateContentCoding = 663,       // Content-Encoding or Trailer: the body is sent as it is
  kGateBodyTooLarge = 664,        // Content-Length past the role's limit
  kGateSecondOpinion = 665,       // the library's parser read the head differently
  kGateHeadTimeout = 666,         // the head did not come in time
  kGateBodyTimeout = 667,         // the body did not come in time
  kTlsCertificateUnusable = 680,  // not PEM, or not usable by a TLS 1.3 server
  kTlsKeyMismatch = 681,          // the private key is another certificate's
  kTlsAuthorityUnusable = 682,    // the peers' authority is not PEM, or no authority
  kTlsNotYetValid = 683,          // a certificate of ours begins after now
  kTlsExpired = 684,              // a certificate of ours ended before now
  kPeerRuleInvalid = 685,         // a configured peer's name, SAN or pins
  kHandshakeFailed = 686,         // TLS ended before the peer was authenticated
  kHandshakeTimeout = 687,
  kPeerUnknown = 688,       // right authority, but no configured peer has this SAN and key
  kConnectionLimit = 689,   // of the peer, or of the listener
  kVaultOverloaded = 690,   // the bounded number of requests is already with the vault
  kVaultNotServing = 691,   // no link to the vault, or it does not serve yet
  kVaultSilent = 692,       // no answer in time; a late one is dropped by its id
  kConnectionEnded = 693,   // the peer hung up, or did not take its answer in time
  kAnswerNotAllowed = 694,  // the vault's answer has a header outside the role's closed list
  // 700-799: relay/keys, relay/operators (keys and people)
  kWrongPassphrase = 700,  // a private key's file does not open with this pass phrase
  kKeyUnusable = 701,      // not PEM, not encrypted, or a key of another kind or curve
  kUnknownSigner = 702,    // no pinned key has the id that the signature names
  kSealBroken = 720,       // sealed bytes do not open: damaged, moved, or of another key
  kNoRootKey = 721,        // no slot holds a root key that the outer key opens
  kKeyFileInvalid = 722,   // a key's file has another length or form
  kOverwriteUnsafe = 723,  // a file system on which overwriting may leave the old bytes
  kTokenUnusable = 724,    // PKCS#11: no such module or token, or its PIN is wrong
  kTokenFailed = 725,      // PKCS#11: a call failed
  // 740-799: relay/operators, and what operators order
  kKindSuspended = 740,        // an operator suspended that kind of certificate
  kStoppedByOperator = 741,    // an operator stopped issuing
  kOperatorUnknown = 742,      // no account has this client key
  kOperatorRevoked = 743,      // the account was revoked
  kOperatorEnded = 744,        // the account's end date has passed
  kRoleNotAllowed = 745,       // no role of the account may do that
  kActionUnknown = 746,        // no such action, or not its parameters
  kActionExpired = 747,        // past the action's expiry
  kActionLifetime = 748,       // its expiry lies further ahead than allowed
  kActionUsed = 749,           // the action's id was used before
  kActionsFull = 750,          // as many actions are kept as may be
  kSamePerson = 751,           // the second person is the first
  kProposerGone = 752,         // the proposer was revoked, has ended or lost the role meanwhile
  kForeignSignature = 753,     // signed by a key that is not the caller's
  kActionNotPending = 754,     // no action of that id waits for a second person
  kOperatorExists = 755,       // the name or a key was given to an account before
  kOperatorsFull = 756,        // as many active accounts as may be (R13)
  kOperatorInvalid = 757,      // an account breaks a rule: end date, roles
  kLastCenterHead = 758,       // nobody could approve grants any more
  kOwnAccount = 759,           // an approval for oneself (R30)
  kAlarmDiffers = 760,         // not the alarm that is latched now
  kNothingToDo = 761,          // no alarm is latched, nothing is stopped or suspended
  kTerminalMissing = 762,      // the front named no terminal or no key
  kOperatorsRolledBack = 763,  // the accounts are older than the ledger says, or gone
  kOperatorTooFast = 764,      // more calls a minute than one person makes
  kPasswordWrong = 765,        // the log-in's password
  kPasswordMissing = 766,      // the account has none yet
  kPasswordUnfit = 767,        // a new one breaks a rule: length, variety, name, the present one
  kCodeWrong = 768,            // the authenticator's code, or none where one is demanded
  kCodeReplayed = 769,         // a code that was used before
  kLoginNameDiffers = 770,     // the name is not that of the connection's account
  kLoginLocked = 771,          // too many failures: the delay is not over
  kSessionMissing = 772,       // a call that a session alone may make
  kSessionUnknown = 773,       // no session of that id: it ended, or the vault was started again
  kSessionIdle = 774,          // unused for too long
  kSessionOver = 775,          // older than a session may be
  kSessionStale = 776,         // the account ended, or its roles or password changed meanwhile
  kSessionForeign = 777,       // another person's connection, or another terminal
  kSessionReplaced = 778,      // the person logged in again
  kCsrfTokenWrong = 779,       // the token is not the session's
  kNoEnrolment = 780,          // no authenticator waits for its first code
  // 800-899: firmware (the client library, certrelay-kiosk, certrelayctl): never in the ledger
  kCannotReach = 800,         // nothing accepts connections at the address
  kTlsFailed = 801,           // chain, name or protocol: the peer's or, after it looked, ours
  kConnectionBroken = 802,    // closed before a whole answer was there
  kDeadlinePassed = 803,      // no whole answer in time
  kAnswerMalformed = 804,     // not the one strict form of HTTP that is read
  kRefusedBySoftcard = 805,   // the payload is not the one of this transaction: not signed
  kRefusedByServer = 806,     // a signed problem document
  kForeignDocument = 807,     // a page without, or with another person's, subject tags
  kDocumentIncomplete = 808,  // fewer or more pages than sheets, or no document id on a page
  kChannelClosed = 810,       // parent and child: the other side is gone
  kProgramFailed = 809,       // a program that was started did not end well
};

struct Error {
  ErrorCode code;
  // A string literal: says where, never holds personal data.
  std::string_view where;
  friend bool operator==(const Error&, const Error&) = default;
};

}  // namespace certrelay
