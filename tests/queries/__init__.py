"""The stored queries: their answers, their headers, and the engines that give them."""
