#include "firmware/daemon/build_id.hpp"

#include <elf.h>
#include <link.h>

#include <cstring>

#include "protocol/base/bytes.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kOwner{"GNU\0", 4};
constexpr std::size_t kDigestMax = 20;

std::size_t to_words(std::size_t bytes) { return (bytes + 3) / 4 * 4; }

// The GNU build id among the notes of one segment; empty when it is not there.
ByteView find_build_id(ByteView notes) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) head{};
    std::memcpy(&head, notes.data(), sizeof head);
    notes = notes.subspan(sizeof head);
    const auto name = to_words(head.n_namesz);
    const auto value = to_words(head.n_descsz);
    if (name > notes.size() || value > notes.size() - name) return {};
    if (head.n_type == NT_GNU_BUILD_ID && head.n_descsz <= kDigestMax &&
        as_text(notes.first(head.n_namesz)) == kOwner) {
      return notes.subspan(name, head.n_descsz);
    }
    notes = notes.subspan(name + value);
  }
  return {};
}

// Called for the program first and then for each library: the first decides.
int take_program(dl_phdr_info* object, std::size_t, void* out) {
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* begin = reinterpret_cast<const std::uint8_t*>(object->dlpi_addr + segment.p_vaddr);
    const auto found = find_build_id({begin, segment.p_memsz});
    if (found.empty()) continue;
    *static_cast<std::string*>(out) = to_hex(found);
    break;
  }
  return 1;
}

}  // namespace

BuildId build_id() {
  std::string link;
  ::dl_iterate_phdr(take_program, &link);
  const std::string version = "certrelay-" CERTRELAY_VERSION;
  return BuildId::parse(link.empty() ? version : version + "+" + link).value();
}

}  // namespace certrelay
