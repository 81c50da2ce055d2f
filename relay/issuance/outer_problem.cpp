#include "relay/issuance/outer_problem.hpp"

#include <algorithm>
#include <array>

namespace certrelay {
namespace {

struct Row {
  ErrorCode inner;
  ProblemCode outer;
};

constexpr std::array kRows{
    // Machines that speak wrongly
    Row{ErrorCode::kMalformed, ProblemCode::kBadRequest},
    Row{ErrorCode::kTrailingBytes, ProblemCode::kBadRequest},
    Row{ErrorCode::kInvalidUtf8, ProblemCode::kBadRequest},
    Row{ErrorCode::kDuplicateName, ProblemCode::kBadRequest},
    Row{ErrorCode::kUnknownMember, ProblemCode::kBadRequest},
    Row{ErrorCode::kMissingMember, ProblemCode::kBadRequest},
    Row{ErrorCode::kWrongType, ProblemCode::kBadRequest},
    Row{ErrorCode::kDigestMismatch, ProblemCode::kBadRequest},
    Row{ErrorCode::kDigestMissing, ProblemCode::kBadRequest},
    Row{ErrorCode::kDuplicateValue, ProblemCode::kBadRequest},
    Row{ErrorCode::kLimitExceeded, ProblemCode::kTooLarge},
    Row{ErrorCode::kNoSuchCall, ProblemCode::kNotFound},
    Row{ErrorCode::kUnknownTransaction, ProblemCode::kNotFound},
    Row{ErrorCode::kWrongMunicipality, ProblemCode::kWrongMunicipality},
    // The order of steps
    Row{ErrorCode::kForeignTransaction, ProblemCode::kConflict},
    Row{ErrorCode::kKnownTransaction, ProblemCode::kConflict},
    Row{ErrorCode::kStepConflict, ProblemCode::kConflict},
    Row{ErrorCode::kChallengeUsed, ProblemCode::kConflict},
    Row{ErrorCode::kEventNotAllowed, ProblemCode::kConflict},
    Row{ErrorCode::kEventConflict, ProblemCode::kConflict},
    Row{ErrorCode::kEventTooLate, ProblemCode::kConflict},
    Row{ErrorCode::kAnswerGone, ProblemCode::kAnswerGone},
    Row{ErrorCode::kStepExpired, ProblemCode::kExpired},
    Row{ErrorCode::kAnswerTooLate, ProblemCode::kExpired},
    // The service
    Row{ErrorCode::kOutsideHours, ProblemCode::kClosed},
    Row{ErrorCode::kKindNotOffered, ProblemCode::kSuspended},
    Row{ErrorCode::kKindSuspended, ProblemCode::kSuspended},
    Row{ErrorCode::kStoppedByOperator, ProblemCode::kIssuingStopped},
    Row{ErrorCode::kIssuingStopped, ProblemCode::kIssuingStopped},
    Row{ErrorCode::kDocumentNotAsked, ProblemCode::kIssuingStopped},
    Row{ErrorCode::kReadbackMismatch, ProblemCode::kIssuingStopped},
    Row{ErrorCode::kPdfUnreadable, ProblemCode::kIssuingStopped},
    Row{ErrorCode::kRegisterNotReady, ProblemCode::kRegisterNotReady},
    Row{ErrorCode::kSealBroken, ProblemCode::kRegisterNotReady},
    Row{ErrorCode::kStoreCorrupt, ProblemCode::kRegisterNotReady},
    // The counter: one sentence for all, so that nobody can probe the register
    Row{ErrorCode::kUnknownCard, ProblemCode::kWindowOnly},
    Row{ErrorCode::kSerialOfAnotherIssuer, ProblemCode::kWindowOnly},
    Row{ErrorCode::kUnknownPerson, ProblemCode::kWindowOnly},
    Row{ErrorCode::kLinkNotYetValid, ProblemCode::kWindowOnly},
    Row{ErrorCode::kApplicantGateClosed, ProblemCode::kWindowOnly},
    Row{ErrorCode::kUnderFifteen, ProblemCode::kWindowOnly},
    Row{ErrorCode::kHouseholdGateClosed, ProblemCode::kWindowOnly},
    Row{ErrorCode::kTooManyMembers, ProblemCode::kWindowOnly},
    Row{ErrorCode::kAllMembersClosed, ProblemCode::kWindowOnly},
    Row{ErrorCode::kGlyphMissing, ProblemCode::kWindowOnly},
    Row{ErrorCode::kTextTooLong, ProblemCode::kWindowOnly},
    Row{ErrorCode::kDateNotPrintable, ProblemCode::kWindowOnly},
    // The choice
    Row{ErrorCode::kUnknownHandle, ProblemCode::kSelectionInvalid},
    Row{ErrorCode::kClosedHandle, ProblemCode::kSelectionInvalid},
    Row{ErrorCode::kWrongEntries, ProblemCode::kSelectionInvalid},
    Row{ErrorCode::kWrongPurpose, ProblemCode::kSelectionInvalid},
    Row{ErrorCode::kInquiryDigestDiffers, ProblemCode::kSelectionInvalid},
    Row{ErrorCode::kNotSelectable, ProblemCode::kSelectionInvalid},
    Row{ErrorCode::kHouseholdChanged, ProblemCode::kRegisterChanged},
    Row{ErrorCode::kRegisterChanged, ProblemCode::kRegisterChanged},
};

}  // namespace

ProblemCode outer_problem(ErrorCode inner) {
  const auto number = static_cast<std::uint16_t>(inner);
  if (number >= 100 && number < 200) return ProblemCode::kCardNotAccepted;
  const auto* const row = std::find_if(kRows.begin(), kRows.end(),
                                       [&](const Row& known) { return known.inner == inner; });
  return row == kRows.end() ? ProblemCode::kOverloaded : row->outer;
}

}  // namespace certrelay
