using CocoonPool.Architecture.Tests.Metadata;

namespace CocoonPool.Architecture.Tests.Purity;

/// <summary>
/// Money, scores and shares are integers. Floating point is found in signatures, in locals and in instructions; decimal is
/// exact but rounds without saying how, so it is named too, with the one place where reading text needs it.
/// </summary>
internal static class ExactArithmeticRule
{
    private static readonly string[] FloatingTypes = ["System.Single", "System.Double", "System.Half", "System.Runtime.InteropServices.NFloat"];

    private static readonly string[] FloatingInstructions =
        ["ldc.r4", "ldc.r8", "conv.r4", "conv.r8", "conv.r.un", "ldelem.r4", "ldelem.r8", "stelem.r4", "stelem.r8", "ldind.r4", "ldind.r8", "stind.r4", "stind.r8"];

    /// <summary>Rooms that estimate: no amount of money comes out of them.</summary>
    private static readonly string[] EstimatingRooms = ["CocoonPool.Domain.Routing.", "CocoonPool.Domain.Forecast."];

    /// <summary>An amount typed by a person is a decimal number; the base library reads it exactly and the code refuses what is no whole nanoTON.</summary>
    private static readonly string[] ReadsDecimalText = ["CocoonPool.Domain.Ledger.Nanotons.TryParseTon"];

    public static IEnumerable<string> Violations(IEnumerable<Use> uses) => uses
        .Where(use => !EstimatingRooms.Any(room => use.Owner.StartsWith(room, StringComparison.Ordinal)))
        .Where(use => use.Kind switch
        {
            UseKind.Type => FloatingTypes.Contains(use.What, StringComparer.Ordinal)
                || (use.What == "System.Decimal" && !ReadsDecimalText.Contains($"{use.Owner}.{use.Member}", StringComparer.Ordinal)),
            UseKind.Instruction => FloatingInstructions.Contains(use.What, StringComparer.Ordinal),
            _ => false,
        })
        .Select(use => $"{use.Owner}.{use.Member} uses {use.What}.")
        .Distinct(StringComparer.Ordinal);
}
