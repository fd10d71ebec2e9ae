using CocoonPool.Grains;

namespace CocoonPool.Silo.Api;

/// <summary>A request that ends with an error answer.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">A code of the API's list.</param>
/// <param name="message">What is wrong and what to do about it; shown to the caller.</param>
public sealed class ApiException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>For answers that may be tried again.</summary>
    public int? RetryAfterSeconds { get; init; }

    public static ApiException NotFound(string message) => new(404, "not_found", message);

    public static ApiException Invalid(string message) => new(400, "invalid_request", message);

    /// <summary>A grain's refusal as an HTTP answer.</summary>
    public static ApiException From(string code, string message) => new(
        code switch
        {
            "not_found" or "unknown_participant" => 404,
            "invalid_request" or "invalid_parameters" => 400,
            _ => 409,
        }, code, message);
}

/// <summary>Outcomes of grains as HTTP answers.</summary>
public static class OutcomeAnswers
{
    /// <exception cref="ApiException">The command was refused.</exception>
    public static T OrThrow<T>(this Outcome<T> outcome)
        where T : class => outcome.Refusal is null ? outcome.Value! : throw ApiException.From(outcome.Refusal, outcome.Message);

    /// <exception cref="ApiException">The command was refused.</exception>
    public static void OrThrow(this Outcome outcome)
    {
        if (outcome.Refusal is not null)
            throw ApiException.From(outcome.Refusal, outcome.Message);
    }
}
