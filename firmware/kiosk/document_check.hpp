// What a center checks of a document before it lets anybody print it: whose pages are these?
#pragma once

#include <string>

#include "protocol/wire/inquiry_message.hpp"
#include "protocol/wire/issuance_message.hpp"
#include "protocol/wire/subject_tag.hpp"

namespace certrelay {

// The subject tags of each page, in printed order, from the first operators of its first content
// stream. Errors: kMalformed, kLimitExceeded (no PDF of our form); a page without a tag gives an
// empty list, it is not an error here.
Result<std::vector<std::vector<std::string>>> read_subject_tags(std::string_view pdf);

// The tags a document must carry: one a chosen member, in the order of the inquiry answer.
std::vector<std::string> expected_tags(const TransactionId& transaction,
                                       const std::vector<InquiryMember>& listed,
                                       const std::vector<MemberHandle>& chosen);

// Errors: kDocumentIncomplete (pages other than sheets), kForeignDocument (a page without a tag,
// or tags other than `tags`, all of them in that order), kMalformed.
Result<void> check_document(std::string_view pdf, const IssuanceHeaders& headers,
                            const std::vector<std::string>& tags);

// What the page prints, read by the relay's independent reader (render/readback): on every page the
// header's document id, and the name, as the inquiry showed it, of each person whose tag stands
// there. Spaces do not count: a wrapped name loses them at the line's end. A signed document is
// taken too; whether its signature is good is `certrelayctl certificate check`'s to say.
// Errors: kForeignDocument, kDocumentIncomplete, kPdfUnreadable.
Result<void> check_printed(ByteView pdf, const IssuanceHeaders& headers,
                           const TransactionId& transaction,
                           const std::vector<InquiryMember>& listed);

// `text` is the document's text, one form feed after each page, as pdftotext writes it: the
// document id of the header stands on every page, and no other. Error: kDocumentIncomplete.
Result<void> check_printed_id(std::string_view text, const IssuanceHeaders& headers);

}  // namespace certrelay
