/* What libFuzzer lets a program call. It has no header for it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Changes `data` at random and returns its new length, at most `capacity`. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t length, size_t capacity);

/* Runs libFuzzer with a program's arguments and the function that takes an input; returns the exit status. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test_one_input)(const uint8_t *data, size_t length));
