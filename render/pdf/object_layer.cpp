#include "render/pdf/object_layer.hpp"

#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_info.h>
#include <hpdf_objects.h>
#include <hpdf_pages.h>
#include <hpdf_streams.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <new>

#include "protocol/base/check.hpp"

namespace certrelay {
namespace {

constexpr Error kHaru{ErrorCode::kInternal, "pdf: object layer"};
// "%PDF-1.7" and four bytes above 127, as ISO 32000-1, 7.5.2 asks of a file with binary data.
constexpr std::string_view kHeader = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";
// No memory pool: libharu 2.3.0's hands out addresses aligned to four bytes only.
constexpr HPDF_UINT kPoolBytes = 0;

struct HaruError {};

void on_haru_error(HPDF_STATUS, HPDF_STATUS, void*) { throw HaruError(); }

// Through operator delete, which the programs replace by one that wipes.
void* HPDF_STDCALL allocate(HPDF_UINT size) { return ::operator new(size, std::nothrow); }
void HPDF_STDCALL release(void* memory) { ::operator delete(memory); }

// What libharu's dictionary does not know: raw entries, and a stream's bytes.
struct Extra {
  std::string entries;
  ByteView data;
  std::size_t read = 0;
};

Extra& extra_of(HPDF_Dict dict) { return *static_cast<Extra*>(dict->attr); }
Extra& extra_of(HPDF_Stream stream) { return *static_cast<Extra*>(stream->attr); }

HPDF_STATUS write_entries(HPDF_Dict dict, HPDF_Stream out) {
  const auto& text = extra_of(dict).entries;
  return HPDF_Stream_Write(out, reinterpret_cast<const HPDF_BYTE*>(text.data()),
                           static_cast<HPDF_UINT>(text.size()));
}

// libharu's own memory streams copy byte by byte; these hand it large blocks.
HPDF_STATUS read_data(HPDF_Stream stream, HPDF_BYTE* out, HPDF_UINT* size) {
  auto& extra = extra_of(stream);
  const auto length = std::min<std::size_t>(*size, extra.data.size() - extra.read);
  if (length > 0) std::memcpy(out, extra.data.data() + extra.read, length);
  extra.read += length;
  *size = static_cast<HPDF_UINT>(length);
  return extra.read == extra.data.size() ? HPDF_STREAM_EOF : HPDF_OK;
}

HPDF_STATUS seek_data(HPDF_Stream stream, HPDF_INT position, HPDF_WhenceMode mode) {
  if (mode != HPDF_SEEK_SET || position != 0) return HPDF_INVALID_OPERATION;
  extra_of(stream).read = 0;
  return HPDF_OK;
}

HPDF_INT32 tell_data(HPDF_Stream stream) { return static_cast<HPDF_INT32>(extra_of(stream).read); }

HPDF_UINT32 size_of_data(HPDF_Stream stream) {
  return static_cast<HPDF_UINT32>(extra_of(stream).data.size());
}

HPDF_STATUS write_out(HPDF_Stream stream, const HPDF_BYTE* bytes, HPDF_UINT size) {
  auto& out = *static_cast<Bytes*>(stream->attr);
  out.insert(out.end(), bytes, bytes + size);
  return HPDF_OK;
}

template <class T>
T* made(T* object) {
  if (object == nullptr) throw HaruError();
  return object;
}

void done(HPDF_STATUS status) {
  if (status != HPDF_OK) throw HaruError();
}

}  // namespace

struct ObjectLayer::State {
  std::deque<Extra> extras;  // stable addresses: libharu's objects point at them
  HPDF_Doc doc = nullptr;

  ~State() {
    if (doc != nullptr) HPDF_Free(doc);
  }

  HPDF_MMgr memory() const { return doc->mmgr; }

  void attach(HPDF_Dict dict, std::string entries, ByteView data) {
    entries += '\n';
    extras.push_back({std::move(entries), data, 0});
    dict->attr = &extras.back();
    dict->write_fn = write_entries;
  }
};

// Not in the constructor's body: libharu throws through its handler, and a constructor that
// cannot fail keeps the callers simple; every call checks doc.
ObjectLayer::ObjectLayer() : state_(std::make_unique<State>()) {
  try {
    state_->doc = HPDF_NewEx(on_haru_error, allocate, release, kPoolBytes, nullptr);
  } catch (const HaruError&) {
    state_->doc = nullptr;
  }
}

ObjectLayer::~ObjectLayer() = default;

Result<PdfObject> ObjectLayer::add_stream(std::string entries, ByteView data) {
  if (state_->doc == nullptr) return kHaru;
  try {
    const HPDF_Dict dict = made(HPDF_DictStream_New(state_->memory(), state_->doc->xref));
    state_->attach(dict, std::move(entries), data);
    HPDF_Stream_Free(dict->stream);
    dict->stream = nullptr;
    dict->stream = made(HPDF_CallbackReader_New(state_->memory(), read_data, seek_data, tell_data,
                                                size_of_data, dict->attr));
    return PdfObject(dict);
  } catch (const HaruError&) {
    return kHaru;
  }
}

Result<PdfObject> ObjectLayer::add_dictionary(std::string entries) {
  if (state_->doc == nullptr) return kHaru;
  try {
    const HPDF_Dict dict = made(HPDF_Dict_New(state_->memory()));
    state_->attach(dict, std::move(entries), {});
    done(HPDF_Xref_Add(state_->doc->xref, dict));
    return PdfObject(dict);
  } catch (const HaruError&) {
    return kHaru;
  }
}

std::string ObjectLayer::reference(PdfObject object) {
  const auto* header = static_cast<const HPDF_Obj_Header*>(object.object_);
  const auto number = header->obj_id & 0x00FFFFFF;  // the rest are libharu's own flags
  return std::to_string(number) + " " + std::to_string(header->gen_no) + " R";
}

Result<void> ObjectLayer::add_page(std::string entries) {
  if (state_->doc == nullptr) return kHaru;
  try {
    const HPDF_Pages tree = state_->doc->root_pages;
    const HPDF_Dict page = made(HPDF_Dict_New(state_->memory()));
    page->header.obj_class |= HPDF_OSUBCLASS_PAGE;  // the tree counts its pages by it
    state_->attach(page, std::move(entries), {});
    done(HPDF_Xref_Add(state_->doc->xref, page));
    done(HPDF_Dict_AddName(page, "Type", "Page"));
    done(HPDF_Dict_Add(page, "Parent", tree));
    auto* kids = static_cast<HPDF_Array>(made(HPDF_Dict_GetItem(tree, "Kids", HPDF_OCLASS_ARRAY)));
    done(HPDF_Array_Add(kids, page));
    return ok();
  } catch (const HaruError&) {
    return kHaru;
  }
}

Result<Bytes> ObjectLayer::finish(ByteView id) {
  if (state_->doc == nullptr) return kHaru;
  const HPDF_Doc doc = state_->doc;
  try {
    Bytes out;
    std::size_t expected = 4096;
    for (const auto& extra : state_->extras) {
      expected += extra.entries.size() + extra.data.size() + 128;
    }
    out.reserve(expected);
    const HPDF_MMgr memory = state_->memory();
    done(HPDF_Dict_Add(doc->catalog, "Lang", made(HPDF_String_New(memory, "ja", nullptr))));
    done(HPDF_Dict_Add(doc->info, "Producer", made(HPDF_String_New(memory, "certrelay", nullptr))));
    done(HPDF_Dict_Add(doc->trailer, "Root", doc->catalog));
    done(HPDF_Dict_Add(doc->trailer, "Info", doc->info));
    const HPDF_Array ids = made(HPDF_Array_New(memory));
    done(HPDF_Dict_Add(doc->trailer, "ID", ids));
    Bytes copy(id.begin(), id.end());
    for (int part = 0; part < 2; ++part) {
      done(HPDF_Array_Add(
          ids, made(HPDF_Binary_New(memory, copy.data(), static_cast<HPDF_UINT>(copy.size())))));
    }
    const HPDF_Stream writer = made(HPDF_CallbackWriter_New(memory, write_out, &out));
    done(HPDF_Stream_Write(writer, reinterpret_cast<const HPDF_BYTE*>(kHeader.data()),
                           static_cast<HPDF_UINT>(kHeader.size())));
    done(HPDF_Xref_WriteToStream(doc->xref, writer, nullptr));
    HPDF_Stream_Free(writer);
    return out;
  } catch (const HaruError&) {
    return kHaru;
  }
}

}  // namespace certrelay
