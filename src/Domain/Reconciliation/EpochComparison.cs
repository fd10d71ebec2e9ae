namespace CocoonPool.Domain.Reconciliation;

/// <summary>All witnesses of an epoch's payments, two by two: what is owed ↔ what is planned ↔ the books, and the plan ↔ the chain.</summary>
public static class EpochComparison
{
    public static IReadOnlyList<Difference> Compare(EpochWitnesses witnesses) =>
        [.. PlanComparison.Compare(witnesses), .. BooksComparison.Compare(witnesses), .. ChainComparison.Compare(witnesses)];
}
