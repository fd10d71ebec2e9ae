namespace CocoonPool.Domain.Metering;

/// <summary>
/// How many tokens a prompt has, for the one case in which nobody says: the client left a stream before the back end could. Without it
/// a client could read an answer to its last token, hang up before the end, and never pay for the prompt, which is most of many requests.
/// </summary>
public static class PromptEstimate
{
    /// <summary>What a token of running text has on average; real tokenizers have between three and five.</summary>
    private const int BytesPerToken = 4;

    /// <summary>What an image costs at a low resolution; the client that wants the exact figure stays to the end.</summary>
    private const int TokensPerImage = 256;

    /// <param name="textBytes">Bytes of the prompt's texts, without what is encoded in them.</param>
    public static long Tokens(long textBytes, int images) => (textBytes + BytesPerToken - 1) / BytesPerToken + (long)images * TokensPerImage;
}
