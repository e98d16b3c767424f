/* Texts, bytes that grow, and the end of a call that cannot go on. */
#ifndef AUTODS_MEMORY_H
#define AUTODS_MEMORY_H

#include "plugin.h" /* the contract in C: `plugin build` makes it of wit/ */

/* Bytes that somebody owns: the contract's strings. No zero ends them. */
typedef plugin_string_t text;

/* The text of a literal. Not for what is given to the host: that is freed. */
text text_of(const char *literal);

bool text_is(text a, text b);

/* Without spaces, tabs and the like at both ends. */
text text_trimmed(text of);

/* Bytes that grow. All zero is an empty one. */
struct buffer {
    uint8_t *at;
    size_t len;
    size_t room;
};

/* Makes it longer by so many bytes, which hold anything; gives the first of them. */
void *buffer_extend(struct buffer *buffer, size_t more);

void buffer_add(struct buffer *buffer, const void *bytes, size_t len);

/* Adds zeros until the length is `rest` more than a multiple of `width`. */
void buffer_pad(struct buffer *buffer, size_t width, size_t rest);

/* As malloc, but without memory the call ends. */
void *obtain(size_t size);

/* Ends the call if `what` does not hold. The author is told where, as by a panic in other
   languages: a message in the log, which a policy shows or does not, and a trap. */
#define REQUIRE(what) ((what) ? (void)0 : give_up(__FILE__, __LINE__, #what))

_Noreturn void give_up(const char *file, int line, const char *what);

#endif
