# What do digital platforms do for small firms abroad? From a question to a data frame, a plot and a citation.
#
#   Rscript examples/platforms.R http://127.0.0.1:8000/ platforms.pdf
#
# The first argument is the address of a service (make serve), the second the file of the plot. R alone is enough.

arguments <- commandArgs(trailingOnly = TRUE)
service <- if (length(arguments) >= 1) arguments[1] else "http://127.0.0.1:8000/"
plot_file <- if (length(arguments) >= 2) arguments[2] else "platforms.pdf"
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
queries <- file.path(dirname(script), "queries")

ask <- function(name) {
  query <- paste(readLines(file.path(queries, paste0(name, ".rq"))), collapse = "\n")
  address <- paste0(sub("/*$", "/", service), "sparql?query=", URLencode(query, reserved = TRUE))
  answer <- url(address, headers = c(Accept = "text/csv"), encoding = "UTF-8")
  read.csv(answer, encoding = "UTF-8", na.strings = "")
}

# Works are counted, and not findings: a work says its main result several times. Each count has its
# direction and its basis, as what a document says of another work is no result of its own.
table <- ask("platforms")
print(head(table, 10))

# The ten effects on which most works say something. Not to be read as the strength of an effect.
table$relation <- paste0(table$effect, " (", table$direction, ")")
counts <- xtabs(works ~ basis + relation, data = table)
most <- tail(order(colSums(counts)), 10)
pdf(plot_file, width = 9, height = 5)
par(mar = c(4, 16, 1, 1))
barplot(counts[, most, drop = FALSE], horiz = TRUE, las = 1, cex.names = 0.7, xlab = "works",
        legend.text = TRUE, args.legend = list(x = "bottomright", cex = 0.7))
invisible(dev.off())

works <- ask("works")
cat(nrow(works), "works,", sum(!is.na(works$doi)), "of them with a DOI\n")
cat(ask("citation")$citation, "\n")
