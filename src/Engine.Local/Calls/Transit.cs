namespace CocoonPool.Engine.Local;

/// <summary>
/// The way of requests and responses between caller and callee. In one process it takes no time and loses nothing, so the
/// engine has none; a simulation registers one that delays, reorders and loses.
/// </summary>
internal interface ITransit
{
    /// <summary>Calls <paramref name="arrive"/> when the message is there, never inside this call; or never at all.</summary>
    void Carry(Call call, bool isResponse, Action arrive);
}
