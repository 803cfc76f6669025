/* What libFuzzer, which has no header for it, lets a mutator of ours call. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Changes `data` at random and returns its new length, at most `capacity`. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t length, size_t capacity);
