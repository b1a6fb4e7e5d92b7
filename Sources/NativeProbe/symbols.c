#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe.h"

// Symbols that are not exported, from the table a file may keep for debuggers. Reads the file and trusts nothing in it.

struct image {
    const char *bytes;
    size_t size;
};

static int open_image(const char *path, struct image *image) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    struct stat status;
    void *map = MAP_FAILED;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > (off_t)sizeof(ElfW(Ehdr))) {
        image->size = (size_t)status.st_size;
        map = mmap(NULL, image->size, PROT_READ, MAP_PRIVATE, file, 0);
    }
    close(file);
    if (map == MAP_FAILED) return 0;
    image->bytes = map;
    return 1;
}

static void close_image(struct image image) { munmap((void *)image.bytes, image.size); }

// A piece of the file, or NULL where the file has no such piece.
static const void *piece(struct image image, uint64_t offset, uint64_t size) {
    if (offset > image.size || size > image.size - offset || offset % 8 != 0) return NULL;
    return image.bytes + offset;
}

static const ElfW(Shdr) *sections(struct image image, unsigned *count) {
    const ElfW(Ehdr) *head = (const void *)image.bytes;
    if (memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_ident[EI_CLASS] != ELFCLASS64
        || head->e_shentsize != sizeof(ElfW(Shdr)))
        return NULL;
    *count = head->e_shnum;
    return piece(image, head->e_shoff, (uint64_t)head->e_shnum * sizeof(ElfW(Shdr)));
}

// A text of the table, or NULL where it does not end within it.
static const char *text_at(struct image image, const ElfW(Shdr) *table, uint64_t offset) {
    if (table->sh_offset > image.size || table->sh_size > image.size - table->sh_offset || offset >= table->sh_size)
        return NULL;
    const char *text = image.bytes + table->sh_offset + offset;
    return memchr(text, 0, table->sh_size - offset) == NULL ? NULL : text;
}

// Fills in what it finds, and gives whether there is such a table at all.
int find_symbols(const char *path, uintptr_t bias, struct wanted_symbol *wanted, size_t count_of_wanted) {
    struct image image;
    if (!open_image(path, &image)) return 0;
    int has_table = 0;
    unsigned count = 0;
    const ElfW(Shdr) *all = sections(image, &count);
    for (unsigned index = 0; all != NULL && index < count; index++) {
        if (all[index].sh_type != SHT_SYMTAB || all[index].sh_link >= count) continue;
        const ElfW(Sym) *symbols = piece(image, all[index].sh_offset, all[index].sh_size);
        const ElfW(Shdr) *texts = all + all[index].sh_link;
        if (symbols == NULL || texts->sh_type != SHT_STRTAB || text_at(image, texts, texts->sh_size - 1) == NULL)
            continue;
        has_table = 1;
        // The table ends with a zero, as was just seen, so that no text in it is longer than it.
        const char *start = image.bytes + texts->sh_offset;
        for (uint64_t at = 0; at < all[index].sh_size / sizeof(ElfW(Sym)); at++) {
            const ElfW(Sym) *symbol = symbols + at;
            if (symbol->st_name >= texts->sh_size || symbol->st_shndx == SHN_UNDEF || symbol->st_value == 0) continue;
            const char *name = start + symbol->st_name;
            for (size_t which = 0; which < count_of_wanted; which++) {
                // Most differ in the first two letters; a call for each of a hundred thousand would be felt.
                if (name[0] != wanted[which].name[0] || strcmp(name, wanted[which].name) != 0) continue;
                wanted[which].address = bias + symbol->st_value;
                wanted[which].size = symbol->st_size;
            }
        }
    }
    close_image(image);
    return has_table;
}

int has_section(const char *path, const char *name) {
    struct image image;
    if (!open_image(path, &image)) return 0;
    int is_there = 0;
    unsigned count = 0;
    const ElfW(Shdr) *all = sections(image, &count);
    unsigned names = ((const ElfW(Ehdr) *)image.bytes)->e_shstrndx;
    if (all != NULL && names < count) {
        for (unsigned index = 0; index < count && !is_there; index++) {
            const char *text = text_at(image, all + names, all[index].sh_name);
            is_there = text != NULL && strcmp(text, name) == 0;
        }
    }
    close_image(image);
    return is_there;
}
