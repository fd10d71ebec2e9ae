namespace CocoonPool.Chaos.Books;

/// <summary>What clients, workers and the operator were told, and what was done to the pool meanwhile.</summary>
public sealed record AllBooks(AnswerBook Answers, ReceiptBook Receipts, ClosingBook Closings, HarmBook Harms)
{
    public static AllBooks Empty => new(new(), new(), new(), new());
}
